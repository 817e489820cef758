//! Where a person came from: campaign parameters, click identifiers, pages.

use serde::{Deserialize, Serialize};

/// Longest value that is kept, in characters. Long landing-page addresses are normal, and no lead is
/// refused for one: what is longer is shortened.
pub const VALUE_MAX_CHARS: usize = 2048;

macro_rules! attribution {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What is known of a person's way to the form. Every part may be missing; values are at
        /// most [`VALUE_MAX_CHARS`] characters.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
        #[cfg_attr(not(target_arch = "wasm32"), schemars(description = "What is known of a person's way to the form."))]
        pub struct Attribution {
            $($(#[$doc])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $name: Option<String>,)*
            /// How they came the first time, where the page remembers it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub first_touch: Option<Box<Attribution>>,
            /// When that first visit was, inside `first_touch`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub at: Option<String>,
        }

        impl Attribution {
            /// The names of the values, as they stand in JSON and in a page's address.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// The value of that name, if there is such a name.
            pub fn get_mut(&mut self, name: &str) -> Option<&mut Option<String>> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }

            /// The names and values that are there, in the order of [`Attribution::NAMES`].
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
                [$((stringify!($name), self.$name.as_deref())),*]
                    .into_iter()
                    .filter_map(|(name, value)| value.map(|value| (name, value)))
            }
        }
    };
}

attribution! {
    /// The site or publisher that sent the visit.
    utm_source,
    /// The kind of marketing, such as `cpc` or `email`.
    utm_medium,
    /// The campaign.
    utm_campaign,
    /// The search words that were paid for.
    utm_term,
    /// Which of several links or creatives was followed.
    utm_content,
    /// Google Ads click.
    gclid,
    /// Google Ads click in an iOS application.
    gbraid,
    /// Google Ads click from an iOS application to the web.
    wbraid,
    /// Meta click.
    fbclid,
    /// Microsoft Advertising click.
    msclkid,
    /// TikTok click.
    ttclid,
    /// LinkedIn first-party identifier.
    li_fat_id,
    /// The platform the lead came from.
    platform,
    /// Name of the campaign.
    campaign_name,
    /// Name of the ad set.
    adset_name,
    /// Name of the form on the platform.
    form_name,
    /// The page before.
    referrer,
    /// The first page of the visit.
    landing_page,
    /// The page with the form.
    page,
}

impl Attribution {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_set_and_is_listed_once() {
        let mut attribution = Attribution::default();
        for name in Attribution::NAMES {
            *attribution.get_mut(name).unwrap() = Some((*name).to_owned());
        }
        assert!(attribution.iter().map(|(n, _)| n).eq(Attribution::NAMES.iter().copied()));
        assert!(attribution.iter().all(|(n, v)| n == v));
        assert!(attribution.get_mut("nonsense").is_none());
    }
}
