//! `cargo xtask dev`: the whole product on this machine, from sources to a page that takes a lead, until Ctrl-C.

mod child;
mod port;
mod session;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use self::session::Session;
use crate::build;
use crate::progress::{capture, run as run_program, say, step};
use crate::seed::{self, DemoKeys};
use crate::tools::Tools;
use crate::workspace::Workspace;
use crate::wrangler;

/// Options of `cargo xtask dev`.
#[derive(clap::Args)]
pub struct Args {
    /// The Worker's port
    #[arg(long, default_value_t = 8787, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The provider sandbox's port
    #[arg(long, default_value_t = 8788, value_parser = clap::value_parser!(u16).range(1..))]
    sandbox_port: u16,
    /// Where D1, KV and queues are kept [default: .wrangler/state in the repository]
    #[arg(long)]
    state: Option<PathBuf>,
}

/// Installs, builds, migrates, starts, seeds, prints where everything is, and stays until it is told to stop.
pub fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    port::check(args.port, "--port")?;
    port::check(args.sandbox_port, "--sandbox-port")?;
    if args.port == args.sandbox_port {
        bail!("--port and --sandbox-port are both {}: the Worker and the sandbox need one each", args.port);
    }
    let state = match &args.state {
        Some(state) => env::current_dir()?.join(state),
        None => workspace.root.join(".wrangler/state"),
    };
    let tools = build::ensure(workspace)?;
    let sandbox = build_sandbox(workspace)?;
    provide_dev_vars(workspace)?;
    step("D1 migrations", "a few seconds", || {
        capture(&mut wrangler::migrate(workspace, &tools.node_modules, &state)?)
    })?;
    serve(workspace, args, &tools, &state, &sandbox)
}

fn serve(workspace: &Workspace, args: &Args, tools: &Tools, state: &Path, sandbox: &Path) -> Result<()> {
    let worker_origin = format!("http://localhost:{}", args.port);
    let sandbox_origin = format!("http://localhost:{}", args.sandbox_port);
    let mut session = Session::new()?;
    let keys =
        step("Worker and provider sandbox", "about 10 seconds", || {
            session.start("worker", &mut wrangler::serve(workspace, &tools.node_modules, args.port, state)?)?;
            session.wait_until_healthy(&format!("{worker_origin}/healthz"))?;
            let token = seed::admin_token(workspace)?;
            let keys = seed::seed(&worker_origin, &token, args.sandbox_port, state)?;
            session.start(
                "sandbox",
                Command::new(sandbox)
                    .current_dir(&workspace.root)
                    .args(["--port", &args.sandbox_port.to_string()])
                    .args(["--edge", &worker_origin, "--key", &keys.publishable]),
            )?;
            session.wait_until_healthy(&format!("{sandbox_origin}/"))?;
            Ok(keys)
        })?;
    announce(&worker_origin, &sandbox_origin, &keys);
    session.run_until_stopped(&worker_origin)
}

fn build_sandbox(workspace: &Workspace) -> Result<PathBuf> {
    step("provider sandbox", "first time about a minute, later a second", || {
        run_program(workspace.cargo().args(["build", "--quiet", "--package=tests", "--bin=sandbox"]))
    })?;
    Ok(workspace.target.join("debug/sandbox"))
}

/// Development secrets, unless the developer has some.
fn provide_dev_vars(workspace: &Workspace) -> Result<()> {
    let vars = workspace.root.join(".dev.vars");
    if !vars.exists() {
        fs::copy(workspace.root.join(".dev.vars.example"), &vars)
            .context("cannot copy .dev.vars.example to .dev.vars")?;
        say(format_args!("> copied .dev.vars.example to .dev.vars"));
    }
    Ok(())
}

fn announce(worker: &str, sandbox: &str, keys: &DemoKeys) {
    let lead = r#"{"form":"demo","name":"Marla Singer","email":"marla@example.com","phone":"+44 20 7946 0018","message":"I would like a valuation please","consent":{"given":true}}"#;
    say(format_args!(
        "
  Start page       {sandbox}/demo
  What arrived     {sandbox}/
  Worker           {worker}
  API reference    {worker}/docs
  Form and its tag {worker}/embed/{form}#{publishable}

  Publishable key  {publishable}
  Secret key       {secret}
  Admin token      ADMIN_TOKEN in .dev.vars

  curl -i {worker}/v1/leads -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' -d '{lead}'
  curl {worker}/v1/admin/destinations -H \"Authorization: Bearer $(sed -n 's/^ADMIN_TOKEN=//p' .dev.vars)\"

  Ctrl-C stops everything.
",
        publishable = keys.publishable,
        secret = keys.secret,
        form = seed::FORM,
    ));
}
