//! Spellings of addresses, read as the WHATWG's URL standard has it, which is how the runtime reads them.

use url::Url;

use super::*;
use crate::destination::Endpoint;

/// Whether a destination may have that address: what is no whole address is refused before.
fn may_be_called(url: &str) -> bool {
    let Ok(parsed) = Url::parse(url) else { return false };
    let host = parsed.host_str().unwrap_or_default();
    Endpoint::parse(url).is_some() && check(parsed.scheme(), host) == Ok(())
}

/// Hosts on the public internet, some of which look as if they were not.
const PUBLIC: &str = "
    api.lead.pro anyhouse.app example.com example.com. EXAMPLE.COM xn--mnchen-3ya.example a.b.c.d.example
    10.example.com 127.0.0.1.example localhost.example.com internal.example.com local.example.com
    localhost-api.example.com metadata.example.com example.com:8443 example.com:443 8.8.8.8 1.1.1.1 8.8.8.8:8443
    9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0
    172.15.255.255 172.32.0.0 192.0.1.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.1
    203.0.112.255 203.0.114.0 223.255.255.255 134744072 0x08080808 010.010.010.010 [2606:4700::1111]
    [2001:4860:4860::8888] [2a00:1450:4001:81b::200e] [::ffff:8.8.8.8] [64:ff9b::8.8.8.8] [2001:200::1]
    [2606:4700::1111]:8443";

/// Everything that leads into a network, to this machine, or nowhere. Loopback and private addresses
/// first, each in decimal, octal, hexadecimal, shortened, with ports, dots and other digits.
const NOT_PUBLIC: &str = "
    localhost LOCALHOST LocalHost localhost. localhost:8443 localhost.:443 a.localhost a.b.localhost. localhost.localdomain
    ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ ｌocalhost locaⅼhost loc%61lhost %6c%6f%63%61%6c%68%6f%73%74 LOCAL%48OST loc\u{ad}alhost
    ℓocalhost localho\u{17f}t a.ｌｏｃａｌｈｏｓｔ
    127.0.0.1 127.0.0.1. 127.0.0.1:80 127.0.0.1:8443 127.0.0.2 127.1.2.3 127.255.255.255 127.1 127.0.1 127
    0177.0.0.1 0177.0.0.01 0177.1 00177.0.0.1 0000177.0.0.1 017700000001 0x7f.0.0.1 0x7F.0.0.1 0x7f.1 0x7f000001
    0X7F000001 0x7f.0x0.0x0.0x1 0x7f.0.0.0x1 0x7f.00.0.01 0x0000007f.1 2130706433 2130706434 2147483647 127.0.0.0x1
    127.0.0.01 127.0.0.000001 127.0x0.1 127.00.00.01 ①②⑦.⓪.⓪.① １２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1
    %31%32%37.0.0.1 127%2E0%2E0%2E1 127.0.0.%31 ①②⑦。⓪．⓪｡① 0x7f。1 ０x7f.1
    0.0.0.0 0 0. 00 0x0 0.0 0.0.0 0.1.2.3 0.255.255.255 0000 0x00000000 ⓪
    10.0.0.0 10.0.0.1 10.255.255.255 10.1 10.0.1 012.0.0.1 0xa.0.0.1 0x0a000001 167772161 0xA.1 012.1 10.0.0.1:5432 １0.0.0.1
    172.16.0.0 172.16.0.1 172.31.255.255 172.20.1 0254.16.0.1 0xac.0x10.0.1 0xac100001 2886729729 172.1048577 172.16.1
    192.168.0.0 192.168.1.1 192.168.255.255 192.168.1 192.11010049 0300.0250.0.1 0xc0.0xa8.0.1 0xc0a80101 3232235777
    0300.168.1 192.168.257 192。168。1。1
    169.254.169.254 169.254.0.1 169.254.255.255 169.254.43518 169.16689662 0251.0376.0251.0376 0xa9.0xfe.0xa9.0xfe
    0xa9fea9fe 2852039166 169.254.169.254. 169.254.169.254:80 169。254。169。254 ①⑥⑨.②⑤④.①⑥⑨.②⑤④ 169.254.170.2
    100.64.0.0 100.64.0.1 100.100.100.200 100.127.255.255 0144.0100.0.1 1681915904 0x64.0x40.1
    192.0.0.0 192.0.0.1 192.0.0.192 192.0.0.255 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 255.255.255.254 4294967295 0xffffffff 037777777777 3758096385
    [::] [::0] [0:0:0:0:0:0:0:0] [::1] [::1]:8443 [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001]
    [0::1] [::2] [::127.0.0.1] [::7f00:1] [::8.8.8.8] [::10.0.0.1]
    [::ffff:127.0.0.1] [::FFFF:127.0.0.1] [::ffff:7f00:1] [::ffff:7f00:0001] [0:0:0:0:0:ffff:127.0.0.1]
    [0000:0000:0000:0000:0000:ffff:7f00:0001] [::ffff:10.0.0.1] [::ffff:a00:1] [::ffff:192.168.1.1] [::ffff:c0a8:101]
    [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:172.16.0.1] [::ffff:0.0.0.0] [::ffff:0:0] [::ffff:100.64.0.1]
    [::ffff:0:127.0.0.1] [::ffff:0:8.8.8.8]
    [fe80::] [fe80::1] [FE80::1] [febf::1] [fe80::a00:27ff:fe4e:66a1] [fec0::1] [fc00::] [fc00::1] [fd00::1] [fdff::1]
    [fd00:ec2::254] [fd20:ce::254] [fdaa:bbcc:ddee:0:1:2:3:4] [ff00::] [ff02::1] [ff05::2] [ff0e::1]
    [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b::192.168.0.1]
    [64:ff9b:1::1] [64:ff9b:1::8.8.8.8] [64:ff9b:1:ffff::8.8.8.8] [64:ff9b:0:1::8.8.8.8]
    [2002:7f00:1::] [2002:7f00:0001::1] [2002:a00:1::] [2002:c0a8:101::1] [2002:a9fe:a9fe::] [2002:808:808::]
    [2001::] [2001:0:53aa:64c::1] [2001:0000:4136:e378:8000:63bf:80ff:fffe] [2001:0:a9fe:a9fe::1] [2001:2::1]
    [2001:10::1] [2001:20::1] [2001:db8::1] [2001:db8:ffff::1] [3fff::1] [3fff:fff::1] [100::1] [5f00::1] [4000::1]
    [8000::1] [1::1] [::1%25lo] [fe80::1%25eth0] [fe80::1%eth0] [::1.] [127.0.0.1] [::g] [] [:::1]
    intranet server db redis a kubernetes metadata instance-data host.docker.internal gateway.docker.internal
    metadata.google.internal metadata.google.internal. METADATA.GOOGLE.INTERNAL metadata.goog.internal a.internal
    printer.local printer.local. PRINTER.LOCAL a.b.local router.lan nas.home mail.corp wiki.intranet db.private
    router.home.arpa a.test a.invalid a.alt hidden.onion api.default.svc api.default.svc.cluster.local host.localdomain
    metadata.google.ｉnternal db。internal printer.%6cocal 1.2.3.4.5 256.256.256.256 1.2.3.256 08.1 0x.0x.0x
    user@127.0.0.1 user:pass@localhost user@example.com :pass@example.com example.com@127.0.0.1 127.0.0.1@example.com
    example.com\\@127.0.0.1 example.com%40127.0.0.1 127.0.0.1\\@example.com 127.0.0.1# 127.0.0.1? 127.0.0.1/ 127.0.0.1\\
    @ . .. ... % %00 example.com%00.internal exa%20mple.com example.com:99999 example.com:port ☃ a..b";

#[test]
fn public_hosts_over_https_may_be_called() {
    for host in PUBLIC.split_whitespace() {
        assert!(may_be_called(&format!("https://{host}/leads")), "{host}");
    }
}

#[test]
fn no_spelling_of_a_host_inside_a_network_may_be_called() {
    assert!(NOT_PUBLIC.split_whitespace().count() >= 200);
    for host in NOT_PUBLIC.split_whitespace() {
        assert!(!may_be_called(&format!("https://{host}/leads")), "{host}");
    }
}

#[test]
fn an_address_without_its_usual_shape_is_judged_by_where_it_leads() {
    for url in [
        "https:127.0.0.1",
        "https:/127.0.0.1/",
        "https:///127.0.0.1/",
        "https:\\\\127.0.0.1\\",
        "https://\t127.0.0.1",
        " https://127.0.0.1 ",
        "https://127.0.\n0.1/",
        "//127.0.0.1/",
        "HTTPS://LOCALHOST/",
        "https://",
        "https:",
        "",
        "127.0.0.1",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "blob:https://example.com/1",
        "ws://example.com",
        "example.com",
        "/leads",
    ] {
        assert!(!may_be_called(url), "{url:?}");
    }
}

#[test]
fn nothing_goes_out_in_the_clear() {
    assert_eq!(check("http", "example.com"), Err(HostRefusal::NotHttps));
    assert_eq!(check("http", "127.0.0.1"), Err(HostRefusal::NotHttps));
}
