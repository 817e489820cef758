//! The body of a new lead: each value into the field that the page has for it, cut to its length.

use std::collections::BTreeMap;

use shared::{
    field::Choice,
    lead::{Intent, Lead},
    property::Property,
    text::{is_longer_than, shortened},
};

use super::{
    super::{
        Settings,
        wire::{
            ADDRESS_MAX_CHARS, AVAILABILITY_MAX_BYTES, LeadType, MESSAGE_MAX_CHARS, NAME_MAX_CHARS, NewLead,
            POSTCODE_MAX_CHARS, POSTCODE_MIN_CHARS, QUESTIONNAIRE_MAX_BYTES, Source, Times, URL_MAX_CHARS,
        },
    },
    overflow,
    room::{Room, string_bytes},
};
use crate::provider::{
    CannotSend, Notes,
    facts::{self, Fact},
    person,
};

/// The lead in LeadPro's words. What has no field, and what is cut, goes into `meta`.
///
/// # Errors
/// When the lead lacks what LeadPro requires.
pub fn new_lead(lead: &Lead, settings: &Settings, lead_id: &str, notes: &mut Notes) -> Result<NewLead, CannotSend> {
    let names = person::two_names(lead).ok_or(CannotSend::Lacks("a name"))?;
    let email = lead.contact.email.as_ref().ok_or(CannotSend::Lacks("an email"))?;
    let phone = lead.contact.phone.as_ref().ok_or(CannotSend::Lacks("a phone"))?;
    if let Some(missing) = names.assumed {
        let field = if missing == person::Missing::First { "first_name" } else { "last_name" };
        notes.assumed(field, person::NO_NAME);
    }
    let placed = names.fields_of(lead).into_iter().map(str::to_owned).collect();
    let mut draft = Draft { notes, placed, cut: Vec::new(), rest: Vec::new() };
    let lead_type = draft.lead_type(lead, settings).ok_or(CannotSend::Lacks("what the person wants"))?;

    let none = Property::default();
    let property = lead.property.as_ref().unwrap_or(&none);
    let advert = if lead_type.owns() { &none } else { property };
    let (address, postcode) = if lead_type.owns() {
        own_property(lead, property)
    } else {
        (("address", lead.address.as_deref()), ("postcode", lead.postcode.as_deref()))
    };
    let postcode = draft.postcode(postcode.0, postcode.1);
    if settings.require_postcode && lead_type.owns() && postcode.is_none() {
        return Err(CannotSend::Lacks("a postcode of 2 to 10 characters"));
    }

    let attribution = &lead.attribution;
    Ok(NewLead {
        first_name: draft.name("first_name", &names.first, &names),
        last_name: draft.name("last_name", &names.last, &names),
        email: email.as_typed().to_owned(),
        // As typed, like the page's example. A lead's has at most 250 characters, and 255 fit.
        phone: phone.typed.clone(),
        lead_type,
        title: draft.text("title", lead.title.as_deref(), NAME_MAX_CHARS),
        advert_address: draft.text("property.address", advert.address.as_deref(), ADDRESS_MAX_CHARS),
        advert_postcode: draft.postcode("property.postcode", advert.postcode.as_deref()),
        advert_url: draft.text("property.url", advert.url.as_deref(), URL_MAX_CHARS),
        advert_image: draft.text("property.image", advert.image.as_deref(), URL_MAX_CHARS),
        message: draft.message(lead),
        appointment_availability: draft.availability(lead),
        questionnaire: draft.questionnaire(lead),
        gdpr_checkbox: lead.consent.is_some().then_some(true),
        host: draft.host(attribution.page.as_deref()),
        office_id: draft.whole("office_id", lead.office_id).or(settings.office_id),
        address: draft.text(address.0, address.1, ADDRESS_MAX_CHARS),
        postcode,
        source: draft.source(lead, settings),
        international: draft.whole("international", lead.international),
        utm_source: draft.whole("attribution.utm_source", attribution.utm_source.clone()),
        utm_campaign: draft.whole("attribution.utm_campaign", attribution.utm_campaign.clone()),
        utm_medium: draft.whole("attribution.utm_medium", attribution.utm_medium.clone()),
        utm_term: draft.whole("attribution.utm_term", attribution.utm_term.clone()),
        utm_content: draft.whole("attribution.utm_content", attribution.utm_content.clone()),
        property_type: draft.whole("property.type", property.kind),
        meta: draft.meta(lead, lead_id),
    })
}

type Named<'a> = (&'static str, Option<&'a str>);

/// Address and postcode of a vendor or landlord, for which the page has one pair of fields: the
/// person's own, else the property's. Halves of two places are never joined to one.
fn own_property<'a>(lead: &'a Lead, property: &'a Property) -> (Named<'a>, Named<'a>) {
    let pick = |own: Named<'a>, other: Named<'a>, same_place: bool| match own.1 {
        None if same_place => other,
        _ => own,
    };
    let same = |own: &Option<String>, other: &Option<String>| own.is_none() || other.is_none() || own == other;
    (
        pick(
            ("address", lead.address.as_deref()),
            ("property.address", property.address.as_deref()),
            same(&lead.postcode, &property.postcode),
        ),
        pick(
            ("postcode", lead.postcode.as_deref()),
            ("property.postcode", property.postcode.as_deref()),
            same(&lead.address, &property.address),
        ),
    )
}

/// What of the lead has its place while the body is made.
struct Draft<'a> {
    notes: &'a mut Notes,
    /// Fields that stand in the body whole, so that `meta` needs them no more.
    placed: Vec<String>,
    /// Fields of which the body has the beginning.
    cut: Vec<String>,
    /// What is left of those that are not repeated whole in `meta`.
    rest: Vec<Fact>,
}

impl Draft<'_> {
    /// A value that has a field without a limit.
    fn whole<T>(&mut self, field: &str, value: Option<T>) -> Option<T> {
        if value.is_some() {
            self.placed.push(field.to_owned());
        }
        value
    }

    /// A text in a field of at most `max` characters.
    fn text(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        let value = value.filter(|value| !value.is_empty())?;
        if is_longer_than(value, max) {
            self.cut.push(field.to_owned());
        } else {
            self.placed.push(field.to_owned());
        }
        Some(self.notes.fit(field, value, max))
    }

    /// A part of the name; the whole name goes into `meta` where a part is cut.
    fn name(&mut self, field: &str, part: &str, names: &person::TwoNames) -> String {
        if is_longer_than(part, NAME_MAX_CHARS) && !self.is_cut("name") {
            self.cut.push("name".to_owned());
            self.rest("name", "Full name", Some(&format!("{} {}", names.first, names.last)));
        }
        self.notes.fit(field, part, NAME_MAX_CHARS)
    }

    /// A postcode is sent as it is or not at all: a cut one is another place's.
    fn postcode(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let fits = |text: &&str| (POSTCODE_MIN_CHARS..=POSTCODE_MAX_CHARS).contains(&text.chars().count());
        self.whole(field, value.filter(fits).map(str::to_owned))
    }

    fn lead_type(&mut self, lead: &Lead, settings: &Settings) -> Option<LeadType> {
        let known = match lead.intent {
            Some(Intent::Buy) => Some(LeadType::Sale),
            Some(Intent::Rent) => Some(LeadType::Let),
            Some(Intent::Sell) => Some(LeadType::Vendor),
            Some(Intent::LetOut) => Some(LeadType::Landlord),
            Some(Intent::Mortgage) => Some(LeadType::MortgageRequest),
            // Whoever sells has the property that an agent wants to list; that they also buy stands in meta.
            Some(Intent::BuyAndSell) => None,
            None => None,
        };
        if let Some(known) = self.whole("intent", known) {
            return Some(known);
        }
        let (assumed, why) = match lead.intent {
            Some(_) => (LeadType::Vendor, "of a lead that sells and buys"),
            None => (settings.lead_type?, "by the destination's settings"),
        };
        self.notes.assumed("type", &format!("{}, {why}", assumed.name()));
        Some(assumed)
    }

    fn source(&mut self, lead: &Lead, settings: &Settings) -> Option<String> {
        let own = lead.source.as_deref().and_then(Source::named);
        self.whole("source", own).or(settings.source).map(|source| source.name().to_owned())
    }

    fn message(&mut self, lead: &Lead) -> Option<String> {
        let message = lead.message.as_deref()?;
        let beginning = self.text("message", Some(message), MESSAGE_MAX_CHARS)?;
        let rest = message.get(shortened(message, MESSAGE_MAX_CHARS).len()..).filter(|rest| !rest.is_empty());
        self.rest("message", "Message (continued)", rest);
        Some(beginning)
    }

    /// The page that sent the lead: what follows its path is given up first.
    fn host(&mut self, page: Option<&str>) -> Option<String> {
        let page = page?;
        let path = page.split(['?', '#']).next().unwrap_or(page);
        if is_longer_than(page, URL_MAX_CHARS) && !is_longer_than(path, URL_MAX_CHARS) && !path.is_empty() {
            self.notes.shortened("attribution.page", "what stands before its query");
            self.cut.push("attribution.page".to_owned());
            return Some(path.to_owned());
        }
        self.text("attribution.page", Some(page), URL_MAX_CHARS)
    }

    fn availability(&mut self, lead: &Lead) -> Option<BTreeMap<String, Times>> {
        const AROUND: usize = r#"{"hours":["#.len();
        const COMMA: usize = 1;
        let mut room = Room::new(AVAILABILITY_MAX_BYTES);
        room.take(&[AROUND]);
        let times: Vec<String> = lead.availability.iter().map(ToString::to_string).collect();
        let fitting = times.iter().take_while(|time| room.take(&[string_bytes(time), COMMA])).count();
        let (hours, later) = times.split_at_checked(fitting)?;
        if !later.is_empty() {
            self.notes.shortened("availability", &format!("{fitting} times"));
            self.cut.push("availability".to_owned());
            self.rest("availability", "Available (continued)", Some(&later.join(", ")));
        }
        self.placed.push("availability".to_owned());
        (!hours.is_empty()).then(|| BTreeMap::from([("hours".to_owned(), Times::Many(hours.to_vec()))]))
    }

    fn questionnaire(&mut self, lead: &Lead) -> BTreeMap<String, [String; 2]> {
        /// `:["",""]` without the quotes, and a comma or the closing brace.
        const AROUND: usize = r#":[,],"#.len();
        let mut room = Room::new(QUESTIONNAIRE_MAX_BYTES);
        let (mut questionnaire, mut longer) = (BTreeMap::new(), Vec::new());
        for (key, [question, answer]) in &lead.questionnaire {
            if room.take(&[string_bytes(key), string_bytes(question), string_bytes(answer), AROUND]) {
                questionnaire.insert(key.clone(), [question.clone(), answer.clone()]);
                self.placed.push(format!("questionnaire.{key}"));
            } else {
                longer.push((key, question, answer));
            }
        }
        for (key, question, answer) in longer {
            let around = [string_bytes(key), string_bytes(question), AROUND];
            let Some(beginning) = room.take_beginning(&around, answer) else { continue };
            questionnaire.insert(key.clone(), [question.clone(), beginning.to_owned()]);
            let field = format!("questionnaire.{key}");
            self.notes.shortened(&field, &format!("{} characters", beginning.chars().count()));
            self.rest(&field, &format!("{question} (continued)"), answer.get(beginning.len()..));
            self.cut.push(field);
        }
        questionnaire
    }

    fn is_cut(&self, field: &str) -> bool {
        self.cut.iter().any(|cut| cut == field)
    }

    /// What is left of a field goes into `meta` in place of the whole.
    fn rest(&mut self, field: &str, label: &str, rest: Option<&str>) {
        if let Some(rest) = rest {
            self.placed.push(field.to_owned());
            self.rest.push(Fact { field: field.to_owned(), label: label.to_owned(), value: rest.to_owned() });
        }
    }

    fn meta(self, lead: &Lead, lead_id: &str) -> BTreeMap<String, String> {
        let Self { notes, placed, cut, rest: mut overflow } = self;
        let mut all = facts::facts(lead, lead_id);
        all.extend(facts::conversation(lead));
        overflow.extend(all.into_iter().filter(|fact| !placed.contains(&fact.field)));
        overflow::meta(overflow, &cut, notes)
    }
}
