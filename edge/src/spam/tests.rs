//! Which submissions are held back, and that nobody is for a single thing they leave out.

use super::*;
use proptest::prelude::*;

fn from_page() -> Evidence {
    Evidence {
        is_from_page: true,
        has_origin: true,
        is_trapped: false,
        token: Some(Standing::Fresh { age_seconds: 20 }),
        expects_token: true,
        turnstile: Verdict::NotAsked,
    }
}

fn lead(message: &str) -> Lead {
    serde_json::from_value(json!({"name": "Marla Singer", "email": "marla@example.com", "message": message})).unwrap()
}

fn of(evidence: &Evidence) -> Score {
    score(evidence, &lead("I would like a valuation please"), &Spam::default())
}

fn kinds(score: &Score) -> Vec<&str> {
    score.reasons.iter().map(|reason| reason.kind).collect()
}

#[test]
fn a_person_at_the_form_is_not_suspicious() {
    assert_eq!(of(&from_page()), Score { total: 0, reasons: Vec::new() });
}

#[test]
fn whatever_is_missing_holds_nobody_back() {
    let nothing = Evidence { has_origin: false, token: None, turnstile: Verdict::Missing, ..from_page() };
    let score = of(&nothing);
    assert_eq!(kinds(&score), ["token_missing", "origin_missing", "turnstile_missing"]);
    assert!(!score.is_over(&Spam::default()));
}

#[test]
fn a_direct_post_scores_higher_than_one_from_the_form() {
    let direct = Evidence { token: None, ..from_page() };
    assert!(of(&direct).total > of(&from_page()).total);
    let forged = Evidence { token: Some(Standing::Invalid), ..from_page() };
    assert!(of(&forged).total > of(&direct).total);
    let old = Evidence { token: Some(Standing::Old), ..from_page() };
    assert!(of(&old).total < of(&direct).total);
    // Where no secret is set no token is given out, and none is missed.
    assert_eq!(of(&Evidence { expects_token: false, token: None, ..from_page() }).total, 0);
}

#[test]
fn no_single_sign_is_enough_but_turnstiles_word() {
    let signs = [
        Evidence { is_trapped: true, ..from_page() },
        Evidence { token: Some(Standing::Fresh { age_seconds: 1 }), ..from_page() },
        Evidence { token: Some(Standing::Invalid), ..from_page() },
        Evidence { turnstile: Verdict::Spent, ..from_page() },
    ];
    for sign in signs {
        let score = of(&sign);
        assert!(score.total > 0 && !score.is_over(&Spam::default()), "{score:?}");
    }
    assert!(of(&Evidence { turnstile: Verdict::Failed, ..from_page() }).is_over(&Spam::default()));
}

#[test]
fn what_a_script_does_is_held_back() {
    let fast = Some(Standing::Fresh { age_seconds: 0 });
    let trapped = of(&Evidence { is_trapped: true, token: fast, ..from_page() });
    assert_eq!((kinds(&trapped), trapped.total), (vec!["trap_filled", "filled_too_fast"], 90));
    assert!(trapped.is_over(&Spam::default()));
    let direct = Evidence { has_origin: false, token: None, ..from_page() };
    let advert = "[url=http://a]http://b[/url] http://c";
    assert!(score(&direct, &lead(advert), &Spam::default()).is_over(&Spam::default()));
}

#[test]
fn an_outage_of_turnstile_is_noted_and_counts_nothing() {
    let score = of(&Evidence { turnstile: Verdict::Unavailable("timeout".into()), ..from_page() });
    assert_eq!((kinds(&score), score.total), (vec!["turnstile_unavailable"], 0));
}

#[test]
fn a_server_is_judged_by_what_it_sends_alone() {
    let server =
        Evidence { is_from_page: false, has_origin: false, token: None, turnstile: Verdict::Missing, ..from_page() };
    assert_eq!(of(&server).total, 0);
    let worst = score(&server, &lead("<a href=\"http://a\">http://b</a> http://c http://d"), &Spam::default());
    assert_eq!((kinds(&worst), worst.total), (vec!["links", "link_markup"], 55));
    assert!(!worst.is_over(&Spam::default()));
}

#[test]
fn the_form_says_how_fast_is_too_fast_and_what_is_too_much() {
    let evidence = Evidence { token: Some(Standing::Fresh { age_seconds: 5 }), ..from_page() };
    let rules = Spam { min_fill_seconds: 6, threshold: 39, ..Spam::default() };
    let strict = score(&evidence, &lead(""), &rules);
    assert!(strict.is_over(&rules));
    assert_eq!(strict.kept(&rules)["threshold"], 39);
    assert_eq!(strict.reasons[0].detail.as_deref(), Some("5 s after the form was loaded"));
    let never = Spam { threshold: 100, ..rules };
    let all = Evidence { is_trapped: true, turnstile: Verdict::Failed, ..evidence };
    assert_eq!(score(&all, &lead(""), &never).total, 100);
    assert!(!score(&all, &lead(""), &never).is_over(&never));
}

proptest! {
    #[test]
    fn any_text_gets_a_score_and_no_reason_repeats_it(message in "[a-z]{12}.*") {
        let score = score(&from_page(), &lead(&message), &Spam::default());
        prop_assert!(score.total <= 55);
        prop_assert!(!score.kept(&Spam::default()).to_string().contains(message.split_at(12).0));
    }
}
