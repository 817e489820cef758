//! What happens to a lead besides its deliveries: kept with the lead, told by its history.

/// Sets the column `events` to what it was and one more, given as the JSON in a parameter. At most 50 are
/// kept, the latest, so that no sender makes a row grow without end.
macro_rules! with_event {
    ($($json:tt)+) => {
        concat!(
            "events = json_insert(iif(json_array_length(events) < 50, events, json_remove(events, '$[0]')), '$[#]', json(",
            $($json)+,
            "))"
        )
    };
}
pub(super) use with_event;
