//! D1 seen from outside: the SQLite file that the local Worker writes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::Value;

/// A connection to the database of a Worker, running or killed.
#[derive(Debug)]
pub struct Database(Connection);

/// A row of the outbox.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The lead it belongs to.
    pub lead_id: String,
    /// The destination's id.
    pub destination: String,
    /// `pending`, `delivering`, `delivered` and so on.
    pub status: String,
    /// Tries so far.
    pub attempts: i64,
    /// What the provider called it.
    pub reference: Option<String>,
    /// Why it stands there.
    pub reason: Option<String>,
    /// When it is due, in milliseconds since the Unix epoch.
    pub due_at: Option<i64>,
    /// Its attempts as they are kept: `at`, `status_code`, `duration_ms`, `outcome`, `excerpt`.
    pub attempt_log: Vec<Value>,
}

impl Database {
    /// Opens the database below a Worker's state folder.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn open(state: &Path) -> Self {
        // Without the right to write, SQLite could not read what a killed Worker left in its write-ahead log.
        let connection = Connection::open_with_flags(file(state), OpenFlags::SQLITE_OPEN_READ_WRITE);
        let connection = connection.expect("the database can be opened");
        connection.busy_timeout(Duration::from_secs(5)).expect("SQLite takes a timeout");
        Self(connection)
    }

    /// The one value of the one row that a query gives.
    pub fn value<T: FromSql>(&self, query: &str) -> T {
        self.0.query_row(query, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// Changes what the Worker stored, to bring a time forward that no test can wait for.
    pub fn execute(&self, statement: &str) {
        self.try_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// Tries to change what the Worker stored, which the database itself may refuse.
    ///
    /// # Errors
    /// What the database says.
    pub fn try_execute(&self, statement: &str) -> rusqlite::Result<usize> {
        self.0.execute(statement, [])
    }

    /// The tables and columns in which a text stands, in any value and in either case.
    pub fn places_of(&self, text: &str) -> Vec<String> {
        let columns =
            "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
        let columns = self.rows(columns, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
        let text = text.replace('\'', "''");
        let holds = |(table, column): &(String, String)| {
            let found =
                format!("SELECT count(*) FROM \"{table}\" WHERE instr(lower(\"{column}\"), lower('{text}')) > 0");
            self.value::<i64>(&found) > 0
        };
        columns.iter().filter(|place| holds(place)).map(|(table, column)| format!("{table}.{column}")).collect()
    }

    /// The bytes of the database, written anew without what no table holds any more. Nobody else may have it open.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn compacted(self) -> Vec<u8> {
        let path = self.0.path().expect("the database is a file").to_owned();
        let compact = "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
        self.0.execute_batch(compact).expect("the database can be compacted");
        drop(self);
        std::fs::read(path).expect("the database can be read")
    }

    /// How many leads are stored.
    pub fn lead_count(&self) -> usize {
        usize::try_from(self.value::<i64>("SELECT count(*) FROM lead")).expect("a count is not negative")
    }

    /// The ids of all leads, in their order.
    pub fn lead_ids(&self) -> Vec<String> {
        self.rows("SELECT id FROM lead ORDER BY id", |row| row.get(0))
    }

    /// The stored leads as JSON, in the order of their ids.
    pub fn leads(&self) -> Vec<Value> {
        let documents = self.rows("SELECT document FROM lead ORDER BY id", |row| row.get::<_, String>(0));
        documents.iter().map(|text| serde_json::from_str(text).expect("a stored lead is JSON")).collect()
    }

    /// All deliveries, in the order of their leads.
    pub fn deliveries(&self) -> Vec<Delivery> {
        let query = "SELECT lead_id, destination, status, attempts, reference, reason, due_at, attempt_log
                     FROM delivery ORDER BY lead_id, ordinal";
        self.rows(query, |row| {
            Ok(Delivery {
                lead_id: row.get(0)?,
                destination: row.get(1)?,
                status: row.get(2)?,
                attempts: row.get(3)?,
                reference: row.get(4)?,
                reason: row.get(5)?,
                due_at: row.get(6)?,
                attempt_log: serde_json::from_str(&row.get::<_, String>(7)?).expect("attempts are JSON"),
            })
        })
    }

    /// How many deliveries of each destination have each status.
    pub fn deliveries_by_status(&self) -> Vec<(String, String, i64)> {
        let query = "SELECT destination, status, count(*) FROM delivery GROUP BY destination, status";
        self.rows(query, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    fn rows<T>(&self, query: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let mut statement = self.0.prepare(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let rows = statement.query_map([], read).and_then(Iterator::collect);
        rows.unwrap_or_else(|error| panic!("{query}: {error}"))
    }
}

fn file(state: &Path) -> PathBuf {
    let folder = state.join("v3/d1/miniflare-D1DatabaseObject");
    std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            path.extension().is_some_and(|kind| kind == "sqlite")
                && path.file_stem().is_some_and(|name| name != "metadata")
        })
        .unwrap_or_else(|| panic!("no database in {}", folder.display()))
}
