//! Whether a port is free, asked before anything starts.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// A listener on this machine accepts at once.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(300);

/// Makes sure that a program of ours can listen on `port`.
///
/// # Errors
/// When somebody listens on `port`, or this user may not; `option` is what chooses another.
pub fn check(port: u16, option: &str) -> Result<()> {
    let addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, port)), SocketAddr::from((Ipv6Addr::LOCALHOST, port))];
    // A listener on all addresses does not keep macOS from binding one of them: ask by connecting, too.
    let answers = addresses.iter().any(|address| TcpStream::connect_timeout(address, CONNECT_TIMEOUT).is_ok());
    let bound = TcpListener::bind(addresses[0]);
    let in_use = bound.as_ref().is_err_and(|error| error.kind() == ErrorKind::AddrInUse);
    if answers || in_use {
        bail!("port {port} is taken: end the program that uses it, or choose another port with {option}");
    }
    bound.with_context(|| format!("cannot listen on port {port}: choose another with {option}"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::check;

    #[test]
    fn a_port_somebody_listens_on_is_refused_with_the_option_that_helps() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = check(port, "--port").unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is taken")) && error.contains("--port"));
        drop(listener);
        check(port, "--port").unwrap();
    }
}
