//! Statements and results of D1 in few calls across the boundary between WASM and JavaScript.

use js_sys::{Array, JSON};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::timestamp::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::{D1Database, D1PreparedStatement};

use crate::{
    problem::Problem,
    telemetry::{Event, log},
};

/// D1 does not answer, or a statement failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct D1Error {
    /// D1's own words. They name constraints and statements, never values.
    pub cause: String,
}

impl From<JsValue> for D1Error {
    fn from(error: JsValue) -> Self {
        let cause = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        Self { cause: cause.unwrap_or_else(|| "unknown".to_owned()) }
    }
}

impl From<D1Error> for Problem {
    fn from(error: D1Error) -> Self {
        log(&Event::Fault { doing: "d1", cause: &error.cause });
        Self::Store
    }
}

/// Text to bind.
pub fn text(value: &str) -> JsValue {
    JsValue::from_str(value)
}

/// A time to bind, in milliseconds.
pub fn time(value: Timestamp) -> JsValue {
    whole(value.millis())
}

/// A whole number to bind. D1 takes numbers as 64-bit floats and stores whole ones as integers.
#[expect(clippy::cast_precision_loss, reason = "times and counts are below 2^53")]
pub fn whole(value: i64) -> JsValue {
    JsValue::from_f64(value as f64)
}

/// Statements that run as one transaction in one round trip.
#[derive(Debug)]
pub struct Batch<'a> {
    db: &'a D1Database,
    statements: Array,
}

impl<'a> Batch<'a> {
    /// No statement yet.
    pub fn new(db: &'a D1Database) -> Self {
        Self { db, statements: Array::new() }
    }

    /// Adds a statement with its values.
    ///
    /// # Errors
    /// When D1 refuses a value's type.
    pub fn add(&self, sql: &str, values: &[JsValue]) -> Result<(), D1Error> {
        let statement: D1PreparedStatement = self.db.prepare(sql)?;
        let bound = if values.is_empty() { statement } else { statement.bind(values.iter().collect())? };
        self.statements.push(&bound);
        Ok(())
    }

    /// The place that the next statement will have among the results.
    pub fn next(&self) -> usize {
        usize::try_from(self.statements.length()).unwrap_or(usize::MAX)
    }

    /// Runs them all or none.
    ///
    /// # Errors
    /// When any of them fails, in which case none has happened, or when D1 does not answer.
    pub async fn run(self) -> Result<Rows, D1Error> {
        let results = JsFuture::from(self.db.batch(self.statements)?).await?;
        // One string across the boundary instead of several calls a value.
        let json = JSON::stringify(&results).map(String::from)?;
        let Ok(Value::Array(results)) = serde_json::from_str(&json) else {
            return Err(D1Error { cause: "a result of unknown shape".to_owned() });
        };
        let rows = |mut result: Value| match result.get_mut("results").map(Value::take) {
            Some(Value::Array(rows)) => rows,
            _ => Vec::new(),
        };
        Ok(Rows(results.into_iter().map(rows).collect()))
    }
}

/// The rows of each statement of a batch.
#[derive(Debug)]
pub struct Rows(Vec<Vec<Value>>);

impl Rows {
    /// The rows of the `index`-th statement as JSON objects.
    pub fn take(&mut self, index: usize) -> Vec<Value> {
        self.0.get_mut(index).map(std::mem::take).unwrap_or_default()
    }

    /// The rows of the `index`-th statement.
    ///
    /// # Errors
    /// When a row is not a `T`.
    pub fn of<T: DeserializeOwned>(&mut self, index: usize) -> Result<Vec<T>, D1Error> {
        self.take(index)
            .into_iter()
            .map(|row| serde_json::from_value(row).map_err(|error| D1Error { cause: error.to_string() }))
            .collect()
    }
}

/// Runs one statement; its rows as JSON objects. Where a row is passed on or has a member or two, this
/// weighs less than a type of its own.
///
/// # Errors
/// As [`Batch::run`].
pub async fn rows(db: &D1Database, sql: &str, values: &[JsValue]) -> Result<Vec<Value>, D1Error> {
    let batch = Batch::new(db);
    batch.add(sql, values)?;
    Ok(batch.run().await?.take(0))
}

/// The text of a row's member; empty where there is none.
pub fn text_of<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Runs one statement and reads its rows.
///
/// # Errors
/// As [`Batch::run`] and [`Rows::of`].
pub async fn query<T: DeserializeOwned>(db: &D1Database, sql: &str, values: &[JsValue]) -> Result<Vec<T>, D1Error> {
    let batch = Batch::new(db);
    batch.add(sql, values)?;
    batch.run().await?.of(0)
}
