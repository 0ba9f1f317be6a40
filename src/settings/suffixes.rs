//! Below which domains anybody can obtain a name, and which hosts nobody can register.
//!
//! The facts are those of the Public Suffix List (<https://publicsuffix.org>), for what real
//! configurations name, and a few hosts that hand out names and are not in it.

use std::net::Ipv4Addr;
#[cfg(feature = "regex")]
use std::net::Ipv6Addr;

use super::address::ends_in_number;

/// Who can stand behind a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Anybody can obtain it, by registering its registrable domain or renting its address.
    Public,
    /// Nobody can register it: reserved names, names of one label, addresses of private networks.
    Private,
    /// This machine.
    Loopback,
    /// A public suffix itself, which belongs to its registry or platform, or no name at all.
    #[cfg(feature = "regex")]
    Suffix,
}

/// The rules, ready to be read from the end of a host.
#[derive(Clone, Debug)]
pub(crate) struct Suffixes {
    /// Sorted by the reversed text, so that a range of them shares what was read.
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    reversed: Vec<u8>,
    below: Below,
}

/// What is below a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Below {
    Names(Place),
    /// The site is what follows the last `--`: its owner alone can put something before that.
    Sites,
}

impl Suffixes {
    pub(crate) fn built_in() -> Self {
        let names = |place| move |domain: &&'static str| (*domain, Below::Names(place));
        let public = SHARED_HOSTS.iter().chain(&SECOND_LEVELS).map(names(Place::Public));
        let private = PRIVATE.iter().map(names(Place::Private));
        let own = ["localhost"].iter().map(names(Place::Loopback)).collect::<Vec<_>>();
        let sites = [("netlify.app", Below::Sites)];
        let mut this = Self { rules: Vec::new() };
        this.add(public.chain(private).chain(own).chain(sites));
        this
    }

    /// Those of the rules below which anybody obtains a name directly.
    pub(crate) fn domains(&self) -> impl Iterator<Item = &'static str> {
        SHARED_HOSTS.into_iter().chain(SECOND_LEVELS).map(|rule| rule.trim_start_matches("*."))
    }

    fn add<'a>(&mut self, rules: impl Iterator<Item = (&'a str, Below)>) {
        for (domain, below) in rules {
            let reversed: Vec<u8> = domain.bytes().rev().collect();
            self.rules.push(Rule { reversed, below });
        }
        // `Below::Sites` is the greater and stays where both are said.
        self.rules.sort_unstable_by(|a, b| b.cmp(a));
        self.rules.dedup_by(|a, b| a.reversed == b.reversed);
        self.rules.reverse();
    }

    /// One label below the public suffix of a domain; `None` if it is one, or has one label.
    pub(crate) fn registrable_domain<'h>(&self, host: &'h str) -> Option<&'h str> {
        let host = host.strip_suffix('.').unwrap_or(host);
        let mut cursor = self.root();
        let mut start = host.len();
        loop {
            let label_start = host[..start].rfind('.').map_or(0, |dot| dot + 1);
            let label = &host[label_start..start];
            let is_any = self.has_any_label(cursor);
            let below = label.bytes().rev().try_fold(cursor, |at, byte| self.step(at, byte));
            let known = below.filter(|below| self.is_label_end(*below));
            if known.is_none() && !is_any {
                return Some(&host[label_start..]);
            }
            start = label_start.checked_sub(1)?;
            cursor = known.map_or(self.nothing(), |known| self.next_label(known));
        }
    }

    /// Who obtains the names below a domain; `None` if its owner alone gives them out.
    pub(crate) fn below_domain(&self, domain: &str) -> Option<Place> {
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        if ends_in_number(domain) || domain.contains('[') {
            return None;
        }
        let mut cursor = self.root();
        let mut below = Below::Names(Place::Public);
        for label in domain.rsplit('.') {
            let is_any = self.has_any_label(cursor);
            let read = label.bytes().rev().try_fold(cursor, |at, byte| self.step(at, byte));
            let known = read.filter(|read| self.is_label_end(*read));
            if known.is_none() && !is_any {
                return None;
            }
            below = known.map_or(Below::Names(Place::Public), |known| self.below(known));
            cursor = known.map_or(self.nothing(), |known| self.next_label(known));
        }
        match below {
            Below::Names(place) => Some(place),
            Below::Sites => Some(Place::Public),
        }
    }

    /// Before anything of a host was read. Every top-level domain is a suffix.
    pub(crate) fn root(&self) -> Cursor {
        // The rules are some hundreds.
        Cursor { from: 0, to: u16::try_from(self.rules.len()).unwrap_or(u16::MAX), depth: 0 }
    }

    /// Where no rule is left.
    pub(crate) fn nothing(&self) -> Cursor {
        Cursor { from: 0, to: 0, depth: 1 }
    }

    fn range(&self, cursor: Cursor) -> &[Rule] {
        self.rules.get(usize::from(cursor.from)..usize::from(cursor.to)).unwrap_or_default()
    }

    /// Reads one more byte of a label; `None` if no rule has it there.
    pub(crate) fn step(&self, cursor: Cursor, byte: u8) -> Option<Cursor> {
        let depth = usize::from(cursor.depth);
        let range = self.range(cursor);
        let before = range.partition_point(|rule| rule.reversed.get(depth) < Some(&byte));
        let upto = range.partition_point(|rule| rule.reversed.get(depth) <= Some(&byte));
        let from = cursor.from + u16::try_from(before).ok()?;
        let to = cursor.from + u16::try_from(upto).ok()?;
        (from < to).then_some(Cursor { from, to, depth: cursor.depth.checked_add(1)? })
    }

    /// Whether what was read is a suffix: a rule ends here, or others go on from here. Below the
    /// latter anybody obtains names too, if not directly.
    pub(crate) fn is_label_end(&self, cursor: Cursor) -> bool {
        let next = |rule: &Rule| rule.reversed.get(usize::from(cursor.depth)).copied();
        self.range(cursor).iter().any(|rule| matches!(next(rule), None | Some(b'.')))
    }

    /// Reads the dot before a label.
    pub(crate) fn next_label(&self, cursor: Cursor) -> Cursor {
        self.step(cursor, b'.').unwrap_or(self.nothing())
    }

    /// What is below the suffix that was read.
    pub(crate) fn below(&self, cursor: Cursor) -> Below {
        let ends = |rule: &&Rule| rule.reversed.len() == usize::from(cursor.depth);
        let rule = self.range(cursor).first().filter(ends);
        rule.map_or(Below::Names(Place::Public), |rule| rule.below)
    }

    /// At the start of a label: whether any label makes a longer suffix.
    pub(crate) fn has_any_label(&self, cursor: Cursor) -> bool {
        cursor.depth == 0 || self.step(cursor, b'*').is_some()
    }
}

/// How far a host was read from its end: the rules that begin in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cursor {
    from: u16,
    to: u16,
    depth: u8,
}

/// RFC 1918, 3927, 6598, and RFC 1122's "this host".
pub(crate) fn place_of_ipv4(address: Ipv4Addr) -> Place {
    let [first, second, ..] = address.octets();
    if address.is_loopback() {
        Place::Loopback
    } else if address.is_private()
        || address.is_link_local()
        || first == 0
        || first == 100 && (64..128).contains(&second)
    {
        Place::Private
    } else {
        Place::Public
    }
}

/// RFC 4193 and 4291.
#[cfg(feature = "regex")]
pub(crate) fn place_of_ipv6(address: Ipv6Addr) -> Place {
    if address.is_loopback() {
        Place::Loopback
    } else if address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
    {
        Place::Private
    } else {
        Place::Public
    }
}

/// RFC 2606, 6761, 6762, 8375, and ICANN's reservation of `internal`. `example` is no such name here:
/// in documentation it stands for a domain that somebody registered.
const PRIVATE: [&str; 5] = ["home.arpa", "internal", "invalid", "local", "test"];

/// Shared hosts: their customers, or anybody at all, get a name below.
#[rustfmt::skip]
const SHARED_HOSTS: [&str; 203] = [
    "*.appwrite.run", "*.awsapprunner.com", "*.azurecontainer.io", "*.c.ts.net", "*.cloudapp.azure.com", "*.code.run",
    "*.compute-1.amazonaws.com", "*.compute.amazonaws.com", "*.databricksapps.com", "*.digitaloceanspaces.com",
    "*.elb.amazonaws.com", "*.gateway.dev", "*.gitpod.io", "*.hosted.app", "*.linodeobjects.com",
    "*.nodebalancer.linode.com", "*.northflank.app", "*.oraclecloudapps.com", "*.platformsh.site",
    "*.privatelink.snowflake.app", "*.r.appspot.com", "*.run.app", "*.snowflake.app", "*.usercontent.goog",
    "*.vultrobjects.com", "*.webcontainer.io", "1.azurestaticapps.net", "2.azurestaticapps.net",
    "3.azurestaticapps.net", "4.azurestaticapps.net", "5.azurestaticapps.net", "6.azurestaticapps.net",
    "7.azurestaticapps.net", "amplifyapp.com", "ap.ngrok.io", "app.github.dev", "app.render.com", "appspot.com",
    "appwrite.global", "appwrite.network", "au.ngrok.io", "awsglobalaccelerator.com", "azure-api.net",
    "azureedge.net", "azurefd.net", "azurestaticapps.net", "azurewebsites.net", "b-cdn.net", "base44-sandbox.com",
    "base44.app", "bitbucket.io", "blob.core.windows.net", "blogspot.com", "bolt.host", "bubbleapps.io", "canva.run",
    "carrd.co", "centralus.azurestaticapps.net", "claude.app", "claudeusercontent.com", "cleverapps.io",
    "cloudapp.net", "cloudfront.net", "cloudfunctions.net", "codeberg.page", "codepen.app", "convex.app",
    "convex.cloud", "convex.site", "csb.app", "ddns.net", "deno.dev", "deno.net", "discordsays.com", "discordsez.com",
    "duckdns.org", "dyndns.org", "eastasia.azurestaticapps.net", "eastus2.azurestaticapps.net",
    "elasticbeanstalk.com", "emergent.host", "eu.ngrok.io", "eu.org", "eu.platform.sh", "eu.pythonanywhere.com",
    "expo.app", "figma.site", "firebaseapp.com", "fly.dev", "framer.ai", "framer.app", "framer.website",
    "framercanvas.com", "freetls.fastly.net", "github.io", "githubpreview.dev", "githubusercontent.com", "gitlab.io",
    "glitch.me", "global.ssl.fastly.net", "googleapis.com", "gradio.live", "herokuapp.com", "hf.space", "hopto.org",
    "id.repl.co", "id.replit.app", "id.replit.dev", "in.ngrok.io", "ip.linodeusercontent.com", "janeway.replit.dev",
    "jp.ngrok.io", "kinsta.app", "kinsta.page", "kirk.replit.dev", "koyeb.app", "lambda-url.us-east-1.on.aws",
    "lhr.life", "loca.lt", "localtunnel.me", "lovable.app", "lovable.run", "lovableproject.com", "map.fastly.net",
    "members.linode.com", "modal.run", "my.canva.site", "myqnapcloud.com", "myshopify.com", "netlify.app",
    "ngrok-free.app", "ngrok-free.dev", "ngrok.app", "ngrok.dev", "ngrok.io", "ngrok.pro", "nhost.run", "nip.io",
    "no-ip.org", "notion.site", "now.sh", "ondigitalocean.app", "onrender.com", "pagekite.me", "pages.dev",
    "pantheonsite.io", "picard.replit.dev", "preview.csb.app", "preview.emergentagent.com", "pythonanywhere.com",
    "r.cdn77.net", "r2.dev", "readthedocs.io", "repl.co", "repl.run", "replit.app", "replit.dev", "riker.replit.dev",
    "s3.amazonaws.com", "sa.ngrok.io", "serveo.net", "shinyapps.io", "spock.replit.dev", "square.site",
    "squarespace.com", "sslip.io", "stackblitz.io", "static.hf.space", "streamlit.app", "streamlitapp.com",
    "supabase.co", "surge.sh", "synology.me", "trafficmanager.net", "translate.goog", "trycloudflare.com", "ts.net",
    "tumblr.com", "up.railway.app", "us-east-1.amazonaws.com", "us.ngrok.io", "us.platform.sh", "v0.build", "val.run",
    "vercel.app", "vercel.dev", "vusercontent.net", "web.app", "web.core.windows.net", "web.val.run",
    "webcontainer-api.io", "webflow.io", "webflowtest.io", "westeurope.azurestaticapps.net",
    "westus2.azurestaticapps.net", "wixsite.com", "wixstudio.com", "wordpress.com", "worf.replit.dev", "workers.dev",
    "wpenginepowered.com", "zapto.org", "zeabur.app",
];

/// What registries sell names below, beside the top-level domains.
#[rustfmt::skip]
const SECOND_LEVELS: [&str; 192] = [
    "*.ck", "*.jm", "*.mm", "*.np", "*.pg", "ac.at", "ac.id", "ac.in", "ac.ir", "ac.jp", "ac.ke", "ac.kr", "ac.nz",
    "ac.th", "ac.uk", "ad.jp", "app.br", "asn.au", "av.tr", "biz.id", "blog.br", "br.com", "cn.com", "co.ae", "co.at",
    "co.com", "co.cr", "co.id", "co.il", "co.in", "co.ir", "co.jp", "co.ke", "co.kr", "co.ma", "co.nz", "co.rs",
    "co.th", "co.tz", "co.ug", "co.uk", "co.uz", "co.ve", "co.za", "co.zm", "co.zw", "com.ar", "com.au", "com.bd",
    "com.bh", "com.bn", "com.bo", "com.br", "com.cn", "com.co", "com.cy", "com.de", "com.do", "com.ec", "com.eg",
    "com.es", "com.ge", "com.gh", "com.gr", "com.gt", "com.hk", "com.hn", "com.jo", "com.kh", "com.kw", "com.kz",
    "com.lb", "com.lk", "com.mt", "com.mx", "com.my", "com.ng", "com.om", "com.pa", "com.pe", "com.ph", "com.pk",
    "com.pl", "com.pt", "com.py", "com.qa", "com.ro", "com.ru", "com.sa", "com.se", "com.sg", "com.sv", "com.tn",
    "com.tr", "com.tw", "com.ua", "com.uy", "com.uz", "com.ve", "com.vn", "com.zm", "de.com", "dev.br", "dr.tr",
    "eco.br", "ed.jp", "edu.au", "eu.com", "firm.in", "gb.net", "gen.in", "gen.nz", "gen.tr", "go.id", "go.jp",
    "go.kr", "gov.au", "gov.uk", "govt.nz", "gr.jp", "id.au", "idv.tw", "in.th", "ind.in", "ltd.uk", "me.uk", "my.id",
    "ne.jp", "ne.kr", "net.ar", "net.au", "net.bd", "net.br", "net.cn", "net.hk", "net.il", "net.in", "net.mx",
    "net.my", "net.nz", "net.ph", "net.pk", "net.pl", "net.sg", "net.tr", "net.tw", "net.ua", "net.uk", "net.vn",
    "net.za", "or.at", "or.id", "or.jp", "or.ke", "or.kr", "or.th", "org.ar", "org.au", "org.bd", "org.br", "org.cn",
    "org.es", "org.hk", "org.il", "org.in", "org.mx", "org.my", "org.ng", "org.nz", "org.ph", "org.pk", "org.pl",
    "org.sg", "org.tr", "org.tw", "org.ua", "org.uk", "org.vn", "org.za", "pe.kr", "plc.uk", "re.kr", "sch.id",
    "school.nz", "se.net", "uk.com", "uk.net", "us.com", "web.id", "web.tr", "web.za", "za.com",
];
