//! `cargo xtask seed`: gives a running Worker the demo form, its destinations and a key of each kind, through the
//! admin API that everybody else uses.

mod admin;
mod demo;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use self::admin::Admin;
pub use self::admin::agent;
pub use self::demo::FORM;
use crate::progress::say;
use crate::workspace::Workspace;

/// Options of `cargo xtask seed`.
#[derive(clap::Args)]
pub struct Args {
    /// Where the Worker is
    #[arg(long, default_value = "http://localhost:8787")]
    url: String,
    /// The port of the provider sandbox, which the destinations point at
    #[arg(long, default_value_t = 8788)]
    sandbox_port: u16,
    /// The Worker's state; the demo keys are kept in it
    #[arg(long, default_value = ".wrangler/state")]
    state: PathBuf,
    /// The Worker's ADMIN_TOKEN, if not the one in .dev.vars
    #[arg(long)]
    admin_token: Option<String>,
}

/// The keys of the demo form. The Worker shows a key once, so they are kept beside its state.
#[derive(Serialize, Deserialize)]
pub struct DemoKeys {
    /// For the page.
    pub publishable: String,
    /// For a server.
    pub secret: String,
}

/// Seeds and prints the keys.
pub fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let token = match &args.admin_token {
        Some(token) => token.clone(),
        None => admin_token(workspace)?,
    };
    let state = workspace.root.join(&args.state);
    let keys = seed(&args.url, &token, args.sandbox_port, &state)?;
    say(format_args!("publishable key: {}", keys.publishable));
    say(format_args!("secret key:      {}", keys.secret));
    Ok(())
}

/// Puts everything the demo needs; what is there already is replaced, keys that still work are kept.
pub fn seed(worker: &str, admin_token: &str, sandbox_port: u16, state: &Path) -> Result<DemoKeys> {
    let admin = Admin::new(worker, admin_token);
    admin.put(&format!("/v1/admin/forms/{}", demo::FORM), &demo::form(sandbox_port))?;
    for destination in demo::destinations(sandbox_port) {
        let path = format!("/v1/admin/destinations/{}", destination.id);
        admin.put(&path, &destination.body)?;
    }
    let file = state.join("leadgate-demo.json");
    if let Some(keys) = kept_keys(&admin, &file)? {
        return Ok(keys);
    }
    let keys = DemoKeys {
        publishable: admin.create_key(&demo::publishable_key())?,
        secret: admin.create_key(&demo::secret_key())?,
    };
    fs::create_dir_all(state).with_context(|| format!("cannot create {}", state.display()))?;
    fs::write(&file, serde_json::to_vec_pretty(&keys)?).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(keys)
}

/// The keys of an earlier run, if the Worker still knows both: the file outlives a state that was deleted around it.
fn kept_keys(admin: &Admin, file: &Path) -> Result<Option<DemoKeys>> {
    let Ok(content) = fs::read(file) else {
        return Ok(None);
    };
    let Ok(keys) = serde_json::from_slice::<DemoKeys>(&content) else {
        return Ok(None);
    };
    let known = admin.knows_key("/v1/form", &keys.publishable)?
        && admin.knows_key("/v1/leads/00000000-0000-7000-8000-000000000000", &keys.secret)?;
    Ok(known.then_some(keys))
}

/// `ADMIN_TOKEN` of .dev.vars.
pub fn admin_token(workspace: &Workspace) -> Result<String> {
    let path = workspace.root.join(".dev.vars");
    let vars = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}: copy .dev.vars.example there", path.display()))?;
    variable(&vars, "ADMIN_TOKEN").context("ADMIN_TOKEN is missing in .dev.vars: .dev.vars.example has one")
}

/// A variable of a file of `NAME=value` lines, the value perhaps in quotes.
fn variable(vars: &str, name: &str) -> Option<String> {
    let value = vars.lines().find_map(|line| {
        let (found, value) = line.split_once('=')?;
        (found.trim() == name).then(|| value.trim())
    })?;
    let unquoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    Some(unquoted.unwrap_or(value).to_owned())
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn reads_a_variable_with_and_without_quotes_and_past_comments() {
        let vars = "# ADMIN_TOKEN=no\nOTHER=1\nADMIN_TOKEN = \"a=b\"\n";
        assert_eq!(variable(vars, "ADMIN_TOKEN").as_deref(), Some("a=b"));
        assert_eq!(variable(vars, "OTHER").as_deref(), Some("1"));
        assert_eq!(variable(vars, "ABSENT"), None);
    }
}
