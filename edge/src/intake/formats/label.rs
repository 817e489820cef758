//! What a label in one of several languages asks for.

/// Labels that ask for a field, as [`plain`] writes them. The given name alone makes the whole name, so
/// a word that is used for both is the given name.
const WHOLE: &[(&str, &[&str])] = &[
    (
        "name",
        &["name", "full name", "your name", "nombre completo", "nombre y apellidos", "nom complet", "nome completo"],
    ),
    (
        "first_name",
        &[
            "first name",
            "firstname",
            "given name",
            "forename",
            "nombre",
            "prénom",
            "prenom",
            "vorname",
            "nome",
            "voornaam",
        ],
    ),
    (
        "last_name",
        &[
            "last name",
            "lastname",
            "surname",
            "family name",
            "apellido",
            "apellidos",
            "nom",
            "nachname",
            "cognome",
            "achternaam",
        ],
    ),
    ("email", &["email", "mail", "work email", "correo", "courriel"]),
    (
        "phone",
        &[
            "tel",
            "mobile",
            "cell",
            "contact number",
            "móvil",
            "movil",
            "celular",
            "portable",
            "handy",
            "cellulare",
            "telemóvel",
        ],
    ),
    (
        "message",
        &[
            "message",
            "your message",
            "comment",
            "comments",
            "enquiry",
            "inquiry",
            "how can we help",
            "mensaje",
            "comentarios",
            "nachricht",
            "ihre nachricht",
            "votre message",
            "messaggio",
            "mensagem",
            "bericht",
        ],
    ),
    ("postcode", &["zip", "post code", "cp", "plz", "cap", "cep"]),
    (
        "address",
        &["address", "street address", "street", "dirección", "direccion", "adresse", "anschrift", "indirizzo"],
    ),
    ("city", &["city", "town", "ciudad", "ville", "stadt", "ort", "città", "cidade", "localidad"]),
    ("state", &["state", "county", "province", "region", "provincia", "bundesland"]),
    ("country", &["country", "país", "pais", "pays", "land", "paese"]),
    ("title", &["salutation", "anrede", "civilité"]),
    ("budget", &["budget", "presupuesto"]),
];

/// Words that say it wherever they stand, as in "What is your first name?".
const WITHIN: &[(&str, &[&str])] = &[
    ("email", &["email", "e mail", "correo electr"]),
    ("phone", &["phone", "telefon", "teléfono", "téléphone", "mobile number", "telefoon"]),
    ("first_name", &["first name", "vorname", "prénom"]),
    ("last_name", &["last name", "surname", "nachname"]),
    (
        "postcode",
        &["postcode", "postal code", "zip code", "código postal", "codigo postal", "code postal", "postleitzahl"],
    ),
    ("name", &["full name", "your name"]),
];

/// Words of a box that asks for consent.
const CONSENT: &[&str] = &[
    "consent",
    "gdpr",
    "rgpd",
    "dsgvo",
    "privacy",
    "i agree",
    "i accept",
    "opt in",
    "optin",
    "datenschutz",
    "einwillig",
    "acepto",
    "privacidad",
    "accepte",
    "confidentialité",
    "accetto",
    "aceito",
];

/// The field that a label or a name asks for.
pub fn field(label: &str) -> Option<&'static str> {
    let plain = plain(label);
    let exact = WHOLE.iter().find(|(_, labels)| labels.contains(&plain.as_str()));
    let within = || WITHIN.iter().find(|(_, words)| words.iter().any(|word| plain.contains(word)));
    exact.or_else(within).map(|(field, _)| *field)
}

/// Whether a box with that label asks for consent.
pub fn asks_consent(label: &str) -> bool {
    let plain = plain(label);
    CONSENT.iter().any(|word| plain.contains(word))
}

/// Small letters, with one space between the words of `phone_number`, `phoneNumber` and `Phone number: *`.
/// Whatever is not ASCII counts as a small letter, which spares the Worker the tables that know better.
fn plain(label: &str) -> String {
    let mut plain = String::with_capacity(label.len());
    let mut after_small = false;
    for c in label.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() {
            if !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else {
            if c.is_ascii_uppercase() && after_small {
                plain.push(' ');
            }
            plain.push(c);
        }
        after_small = c.is_ascii_lowercase();
    }
    plain.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_several_languages_say_what_they_ask_for() {
        for (label, wanted) in [
            ("Full name *", "name"),
            ("fullName", "name"),
            ("What is your first name?", "first_name"),
            ("Vorname:", "first_name"),
            ("Nombre", "first_name"),
            ("Apellidos", "last_name"),
            ("Nom", "last_name"),
            ("E-Mail-Adresse", "email"),
            ("Correo electrónico", "email"),
            ("emailAddress", "email"),
            ("PHONE_NUMBER", "phone"),
            ("Teléfono", "phone"),
            ("Telefonnummer", "phone"),
            ("Nachricht", "message"),
            ("How can we help?", "message"),
            ("ZIP code", "postcode"),
            ("PLZ", "postcode"),
            ("Ville", "city"),
        ] {
            assert_eq!(field(label), Some(wanted), "{label}");
        }
        for label in ["", "Company name", "Username", "Preferred date", "Number of rooms", "?!"] {
            assert_eq!(field(label), None, "{label}");
        }
    }

    #[test]
    fn a_box_that_asks_for_consent_is_known_by_its_words() {
        for label in ["I agree to the terms", "GDPR", "Ich habe die Datenschutzerklärung gelesen", "J'accepte"] {
            assert!(asks_consent(label), "{label}");
        }
        assert!(!asks_consent("Name") && !asks_consent("Do you have a garden?"));
    }
}
