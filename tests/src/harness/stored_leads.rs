//! Many leads at once.

use super::Stack;

/// Stores leads of a form as the Worker would, but by the thousand: numbered, one a minute, the last
/// accepted at 2026-01-01T00:00:00Z. Each has e-mail address, telephone number and message by its number.
pub fn store_leads(stack: &Stack, form: &str, count: u32) {
    let last = 1_767_225_600_000_i64;
    stack.d1().execute(&format!(
        "INSERT INTO lead (id, form, key_id, status, created_at, updated_at, document, interest_level, intent, source, campaign)
         WITH RECURSIVE n(i, at) AS (SELECT 1, {last} - ({count} - 1) * 60000 UNION ALL SELECT i + 1, at + 60000 FROM n WHERE i < {count})
         SELECT printf('%08x-%04x-7000-8%03x-%012x', at / 65536, at % 65536, length('{form}'), i), '{form}', 'k',
           CASE i % 4 WHEN 0 THEN 'lost' ELSE 'new' END, at, at, json_object(
             'name', 'Lead ' || i, 'email', 'lead' || i || '@example.com', 'phone', printf('01623 %06d', i),
             'phone_e164', printf('+441623%06d', i), 'intent', CASE i % 3 WHEN 0 THEN 'buy' ELSE 'sell' END,
             'interest_level', 'warm', 'message', 'This is number ' || i || '.', 'source', 'source ' || (i % 5),
             'attribution', json_object('utm_campaign', 'campaign ' || (i % 7))),
           'warm', CASE i % 3 WHEN 0 THEN 'buy' ELSE 'sell' END, 'source ' || (i % 5), 'campaign ' || (i % 7)
         FROM n"
    ));
}
