//! The public suffixes: domains below which names are given out, and who can obtain them.
//!
//! The data is from the Public Suffix List (<https://publicsuffix.org>), for suffixes in real
//! configurations, and a few hosts that give out names but are not in the list.

use std::sync::LazyLock;

use super::place::Place;

/// The names below a suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Below {
    Names(Place),
    /// The site is the text after the last `--`. Only its owner can put something before it.
    Sites,
}

/// The rules below which anybody can obtain a name.
fn public() -> impl Iterator<Item = &'static str> {
    SHARED_HOSTS.split(' ').chain(SECOND_LEVELS.split(' '))
}

/// Anybody can obtain a name directly below.
pub(crate) fn domains() -> impl Iterator<Item = &'static str> {
    public().map(|rule| rule.trim_start_matches("*."))
}

/// The state of reading a host from its end: the rules that start with the text so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Cursor {
    from: u16,
    to: u16,
    depth: u8,
}

/// Sorted by the reversed text, so the rules with the text so far are a range.
static RULES: LazyLock<Vec<(Vec<u8>, Below)>> = LazyLock::new(|| {
    let mut rules = Vec::new();
    let mut add = |domain: &str, below| rules.push((domain.bytes().rev().collect(), below));
    for domain in public() {
        add(domain, Below::Names(Place::Public));
    }
    for domain in PRIVATE.split(' ') {
        add(domain, Below::Names(Place::Private));
    }
    for domain in regional() {
        add(&domain, Below::Names(Place::Public));
    }
    for (domain, below) in OTHERS {
        add(domain, below);
    }
    rules.sort_unstable();
    rules
});

impl Cursor {
    /// Nothing of a host was read yet. Every top-level domain is a suffix.
    ///
    /// There are some hundreds of rules.
    pub(crate) const ROOT: Self = Self { from: 0, to: u16::MAX, depth: 0 };

    /// No rule matches any more.
    pub(crate) const NOTHING: Self = Self { from: 0, to: 0, depth: 1 };

    fn rules(self) -> &'static [(Vec<u8>, Below)] {
        let to = usize::from(self.to).min(RULES.len());
        RULES.get(usize::from(self.from)..to).unwrap_or_default()
    }

    fn byte_of(self, rule: &[u8]) -> Option<u8> {
        rule.get(usize::from(self.depth)).copied()
    }

    /// The next bytes of the rules, in order.
    #[cfg(feature = "regex")]
    pub(crate) fn next_bytes(self) -> impl Iterator<Item = u8> {
        let mut last = None;
        let bytes = self.rules().iter().filter_map(move |(rule, _)| self.byte_of(rule));
        bytes.filter(move |byte| last.replace(*byte) != Some(*byte))
    }

    /// Reads one more byte of a label; `None` if no rule has it there.
    pub(crate) fn step(self, byte: u8) -> Option<Self> {
        let rules = self.rules();
        let before = rules.partition_point(|(rule, _)| self.byte_of(rule) < Some(byte));
        let upto = rules.partition_point(|(rule, _)| self.byte_of(rule) <= Some(byte));
        let from = self.from + u16::try_from(before).ok()?;
        let to = self.from + u16::try_from(upto).ok()?;
        (from < to).then_some(Self { from, to, depth: self.depth.checked_add(1)? })
    }

    /// Whether the text so far is a suffix: a rule ends here, or longer rules go on. Anybody can
    /// also obtain names below the latter, but not directly.
    pub(crate) fn is_label_end(self) -> bool {
        self.rules().iter().any(|(rule, _)| matches!(self.byte_of(rule), None | Some(b'.')))
    }

    /// Reads the dot before a label.
    pub(crate) fn next_label(self) -> Self {
        self.step(b'.').unwrap_or(Self::NOTHING)
    }

    /// The names below the suffix that was read.
    pub(crate) fn below(self) -> Below {
        // A domain that has two rules is more than a suffix by the greater one, `Below::Sites`.
        let ends = |rule: &&(Vec<u8>, Below)| rule.0.len() == usize::from(self.depth);
        let last = self.rules().iter().take_while(ends).last();
        last.map_or(Below::Names(Place::Public), |(_, below)| *below)
    }

    /// At the start of a label: whether every label makes a longer suffix.
    pub(crate) fn has_any_label(self) -> bool {
        self.depth == 0 || self.step(b'*').is_some()
    }
}

/// Nobody can register a name below. RFC 2606, 6761, 6762 with its appendix G, 8375, and ICANN's
/// reservation of `internal`; routers also give out `localdomain`. `example` is not one here: in
/// documentation it means a domain that somebody registered.
const PRIVATE: &str =
    "corp home home.arpa internal intranet invalid lan local localdomain private test";

const OTHERS: [(&str, Below); 2] =
    [("localhost", Below::Names(Place::Loopback)), ("netlify.app", Below::Sites)];

/// Shared hosts: their customers, or anybody, can get a name below.
const SHARED_HOSTS: &str = "\
    *.appwrite.run *.awsapprunner.com *.azurecontainer.io *.azurecontainerapps.io *.c.ts.net *.cloudapp.azure.com \
    *.code.run *.compute-1.amazonaws.com *.compute.amazonaws.com *.databricksapps.com *.devinapps.com *.devtunnels.ms \
    *.digitaloceanspaces.com *.dweb.link *.elb.amazonaws.com *.eth.limo *.gateway.dev *.gitpod.io *.hosted.app \
    *.linodeobjects.com *.localto.net *.nodebalancer.linode.com *.northflank.app *.oaiusercontent.com \
    *.oraclecloudapps.com *.platformsh.site *.privatelink.snowflake.app *.r.appspot.com *.replit.dev *.run.app \
    *.snowflake.app *.upsun.app *.usercontent.goog *.vultrobjects.com *.web.core.windows.net *.webcontainer.io \
    *.webhare.dev 1.azurestaticapps.net 2.azurestaticapps.net 3.azurestaticapps.net 4.azurestaticapps.net \
    5.azurestaticapps.net 6.azurestaticapps.net 7.azurestaticapps.net a.pinggy.link adobeaemcloud.com \
    adobeio-static.net aem.live aem.page altervista.org alwaysdata.net amplifyapp.com ap.ngrok.io app.github.dev \
    app.render.com appspot.com appwrite.global appwrite.network au.ngrok.io awsglobalaccelerator.com azure-api.net \
    azureedge.net azurefd.net azurestaticapps.net azurewebsites.net b-cdn.net base44-sandbox.com base44.app \
    bitbucket.io blob.core.windows.net blogspot.com bolt.host bubbleapps.io canva.run carrd.co \
    centralus.azurestaticapps.net chatgpt.site claude.app claudeusercontent.com cleverapps.io cloudapp.net \
    cloudfront.net cloudfunctions.net codeberg.page codepen.app convex.app convex.cloud convex.site csb.app ddns.me \
    ddns.net deno.dev deno.net discordsays.com discordsez.com duckdns.org dyndns.org dynu.net e2b.app \
    eastasia.azurestaticapps.net eastus2.azurestaticapps.net edgecompute.app editorx.io elasticbeanstalk.com \
    emergent.host encr.app eu.ngrok.io eu.org eu.platform.sh eu.pythonanywhere.com expo.app figma.site \
    firebaseapp.com flutterflow.app fly.dev fnc.fr-par.scw.cloud framer.ai framer.app framer.website framercanvas.com \
    free.pinggy.link freetls.fastly.net functions.fnc.fr-par.scw.cloud github.io githubpreview.dev \
    githubusercontent.com gitlab.io glitch.me global.ssl.fastly.net googleapis.com gr.com gradio.live hashnode.dev \
    hasura.app herokuapp.com hf.space hlx.live hlx.page hopto.org icp0.io id.repl.co id.replit.app in.ngrok.io \
    ip.linodeusercontent.com is-a.dev jp.ngrok.io js.org kinsta.app kinsta.page koyeb.app laravel.cloud leapcell.app \
    leapcell.dev leapcell.online lhr.life loca.lt localtunnel.me lovable.app lovable.run lovable.sh \
    lovableproject.com map.fastly.net members.linode.com modal.run my.canva.site myqnapcloud.com myshopify.com \
    neocities.org netlify.app ngrok-free.app ngrok-free.dev ngrok.app ngrok.dev ngrok.io ngrok.pizza ngrok.pro \
    nhost.run nip.io no-ip.org noip.me noip.us notion.site now.sh on-fleek.app ondigitalocean.app onrender.com \
    pagekite.me pages.dev pantheonsite.io pinggy.link plesk.page preview.app.github.dev preview.csb.app \
    preview.emergentagent.com pythonanywhere.com r.cdn77.net r2.dev readthedocs.io repl.co repl.run replit.app \
    replit.dev retool.app s3.amazonaws.com sa.ngrok.io serveo.net shinyapps.io softr.app square.site squarespace.com \
    sslip.io stackblitz.io static.hf.space streamlit.app streamlitapp.com supabase.co supabase.in supabase.net \
    surge.sh synology.me trafficmanager.net translate.goog trycloudflare.com ts.net tumblr.com up.railway.app \
    us-east-1.amazonaws.com us.ngrok.io us.platform.sh v0.build val.run vercel.app vercel.dev vercel.run \
    vusercontent.net wasmer.app web-sandbox.oaiusercontent.com web.app web.val.run webcontainer-api.io webflow.io \
    webflowtest.io weebly.com westeurope.azurestaticapps.net westus2.azurestaticapps.net windsurf.app windsurf.build \
    wix.run wixsite.com wixstudio.com wordpress.com workers.dev wpcomstaging.com wpenginepowered.com zapto.org \
    zeabur.app";

/// Shared hosts that have a suffix in each region of their platform: what stands around the region.
const IN_AWS: [(&str, &str); 7] = [
    ("", ".elasticbeanstalk.com"),
    ("execute-api.", ".amazonaws.com"),
    ("lambda-url.", ".on.aws"),
    ("s3-", ".amazonaws.com"),
    ("s3-website-", ".amazonaws.com"),
    ("s3-website.", ".amazonaws.com"),
    ("s3.", ".amazonaws.com"),
];
const IN_AZURE: [(&str, &str); 1] = [("", "-01.azurewebsites.net")];

const AWS_REGIONS: &str = "\
    af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 \
    ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 \
    eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 \
    me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-west-1 \
    us-west-2";

const AZURE_REGIONS: &str = "\
    australiacentral australiaeast australiasoutheast brazilsouth canadacentral canadaeast centralindia centralus \
    eastasia eastus eastus2 francecentral francesouth germanynorth germanywestcentral israelcentral italynorth \
    japaneast japanwest jioindiacentral jioindiawest koreacentral koreasouth mexicocentral newzealandnorth \
    northcentralus northeurope norwayeast norwaywest polandcentral qatarcentral southafricanorth southafricawest \
    southcentralus southeastasia southindia spaincentral swedencentral swedensouth switzerlandnorth switzerlandwest \
    uaecentral uaenorth uksouth ukwest westcentralus westeurope westindia westus westus2 westus3";

pub(crate) fn regional() -> Vec<String> {
    let mut domains = Vec::new();
    for (around, regions) in [(&IN_AWS[..], AWS_REGIONS), (&IN_AZURE, AZURE_REGIONS)] {
        for (before, behind) in around {
            domains.extend(regions.split(' ').map(|region| format!("{before}{region}{behind}")));
        }
    }
    domains
}

/// Suffixes below which registries sell names, except top-level domains.
const SECOND_LEVELS: &str = "\
    *.ck *.jm *.mm *.np *.pg ac.at ac.be ac.cn ac.id ac.in ac.ir ac.jp ac.ke ac.kr ac.ma ac.nz ac.th ac.tz ac.ug \
    ac.uk ac.zm ac.zw ad.jp adv.br app.br art.br asn.au asso.fr av.tr bel.tr biz.id blog.br br.com cn.com co.ae co.ao \
    co.at co.bi co.bw co.ci co.com co.cr co.gg co.hu co.id co.il co.im co.in co.ir co.je co.jp co.ke co.kr co.ls \
    co.ma co.mw co.mz co.na co.ni co.nz co.om co.rs co.rw co.st co.sz co.th co.tt co.tz co.ug co.uk co.uz co.ve co.vi \
    co.za co.zm co.zw com.af com.ai com.al com.am com.ar com.au com.az com.ba com.bd com.bh com.bn com.bo com.br \
    com.bz com.cn com.co com.cu com.cy com.de com.do com.ec com.eg com.es com.fj com.fr com.ge com.gh com.gi com.gr \
    com.gt com.hk com.hn com.hr com.jo com.kh com.kw com.kz com.lb com.lk com.mk com.mo com.mt com.mv com.mx com.my \
    com.na com.ng com.ni com.nr com.om com.pa com.pe com.ph com.pk com.pl com.ps com.pt com.py com.qa com.ro com.ru \
    com.sa com.sb com.sc com.se com.sg com.sl com.so com.sv com.sy com.tn com.to com.tr com.tt com.tw com.ua com.uy \
    com.uz com.ve com.vn com.ws com.ye com.zm de.com desa.id dev.br dr.tr eco.br ed.jp edu.ar edu.au edu.bd edu.br \
    edu.cn edu.co edu.ec edu.eg edu.gr edu.hk edu.in edu.it edu.kw edu.kz edu.mx edu.my edu.ng edu.pe edu.ph edu.pk \
    edu.pl edu.rs edu.sa edu.sg edu.tr edu.tw edu.ua edu.ve edu.vn eu.com firm.in gb.net geek.nz gen.in gen.nz gen.tr \
    go.id go.jp go.kr go.th gob.ar gob.cl gob.ec gob.mx gob.pe gob.ve gouv.fr gov.ar gov.au gov.bd gov.br gov.cn \
    gov.co gov.eg gov.gr gov.hk gov.il gov.in gov.it gov.kz gov.my gov.ng gov.ph gov.pk gov.pl gov.sa gov.sg gov.tr \
    gov.tw gov.ua gov.uk gov.vn gov.za govt.nz gr.jp id.au idv.hk idv.tw in.th in.ua ind.br ind.in iwi.nz k12.tr \
    kiev.ua kiwi.nz ltd.uk maori.nz me.uk mil.br mil.id msk.ru muni.il my.id ne.jp ne.ke ne.kr net.ar net.au net.bd \
    net.br net.cn net.co net.ec net.gr net.hk net.id net.il net.in net.lb net.mx net.my net.nf net.ng net.nz net.pe \
    net.ph net.pk net.pl net.py net.qa net.ru net.sa net.sg net.th net.tr net.tw net.ua net.uk net.uy net.ve net.vn \
    net.za nhs.uk nic.in or.at or.id or.jp or.ke or.kr or.th or.tz or.ug org.ar org.au org.bd org.br org.cn org.co \
    org.es org.gr org.hk org.il org.in org.kz org.mx org.my org.ng org.nz org.pe org.ph org.pk org.pl org.rs org.ru \
    org.sa org.sg org.tr org.tw org.ua org.uk org.vn org.za pe.kr plc.uk police.uk re.kr sc.ke sch.id sch.uk \
    school.nz se.net spb.ru tv.br uk.com uk.net us.com waw.pl web.id web.tr web.za za.com";
