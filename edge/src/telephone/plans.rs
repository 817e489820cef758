//! Makes `plans.bin` of the metadata in the `rlibphonenumber` crate, and checks it against the whole.
//!
//! After an update of the crate: `WRITE_PLANS=1 cargo test -p edge telephone`.

use std::{env, fs, path::Path, process::Command};

use prost::Message;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneMetadataCollection, PhoneNumberFormat, PhoneNumberType};
use serde_json::Value;
use shared::contact::{E164, Region};

use super::{NUMBERS, PLANS, e164};

/// The metadata that came with the crate, from where Cargo keeps its source.
fn whole() -> PhoneMetadataCollection {
    let cargo = Command::new(env!("CARGO")).args(["metadata", "--format-version=1"]).output().unwrap();
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "rlibphonenumber").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let bytes = fs::read(manifest.with_file_name("src/generated/metadata/metadata.bin")).unwrap();
    PhoneMetadataCollection::decode(bytes.as_slice()).unwrap()
}

#[allow(deprecated, reason = "the fields are meant for the crate's own reading, which is what they are kept for")]
fn without_formats(mut plans: PhoneMetadataCollection) -> PhoneMetadataCollection {
    for plan in &mut plans.metadata {
        plan.number_format.clear();
        plan.intl_number_format.clear();
        plan.no_international_dialling = None;
        plan.emergency = None;
        plan.short_code = None;
        plan.standard_rate = None;
        plan.carrier_specific = None;
        plan.sms_services = None;
        for kind in [
            &mut plan.general_desc,
            &mut plan.fixed_line,
            &mut plan.mobile,
            &mut plan.toll_free,
            &mut plan.premium_rate,
            &mut plan.shared_cost,
            &mut plan.personal_number,
            &mut plan.voip,
            &mut plan.pager,
            &mut plan.uan,
            &mut plan.voicemail,
        ]
        .into_iter()
        .flatten()
        {
            kind.example_number = None;
        }
    }
    plans
}

#[test]
fn the_plans_are_the_crates_metadata_without_what_only_formats() {
    let wanted = without_formats(whole()).encode_to_vec();
    if env::var_os("WRITE_PLANS").is_some() {
        // What is compiled in is the old file: the next run compares.
        return fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/telephone/plans.bin"), &wanted).unwrap();
    }
    assert!(wanted == PLANS, "the crate was updated: WRITE_PLANS=1 cargo test -p edge telephone");
    assert!(NUMBERS.is_some(), "the plans can be read");
}

#[test]
fn an_example_number_of_every_kind_and_region_is_read_as_by_the_whole_metadata() {
    let mut compared = 0;
    for region in PHONE_NUMBER_UTIL.get_supported_regions() {
        let ours = Region::parse(&region.to_string()).unwrap();
        for kind in
            [PhoneNumberType::FixedLine, PhoneNumberType::Mobile, PhoneNumberType::TollFree, PhoneNumberType::VoIP]
        {
            let Ok(number) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind) else { continue };
            let expected = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
            for format in [PhoneNumberFormat::National, PhoneNumberFormat::International, PhoneNumberFormat::E164] {
                let typed = PHONE_NUMBER_UTIL.format(&number, format);
                assert_eq!(e164(&typed, ours).as_ref().map(E164::as_str), Some(&*expected), "{typed} in {region:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 2_000, "{compared} numbers of all regions");
}
