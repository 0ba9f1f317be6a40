//! What HTML and CSS load: modules, scripts, style sheets, images, fonts.

use super::{foreign, listed};
use crate::{
    case::{Case, REFUSED, case},
    engine::Engine,
};

pub fn cases() -> Vec<Case> {
    vec![
        case("module/listed", "module scripts are always loaded with CORS")
            .policy(listed)
            .page("Promise.all([element('script', { type: 'module', src: api + '/module.js' }), import(api + '/module.js').then(module => module.answer)])")
            .gives(serde_json::json!(["loaded", 42])),
        case("module/not-listed", "so a page that is not listed gets none")
            .policy(foreign)
            .page("Promise.all([element('script', { type: 'module', src: api + '/module.js' }), import(api + '/module.js').catch(() => 'refused')])")
            .gives(vec![REFUSED, REFUSED]),
        case("script/plain-not-listed", "a plain script runs whatever the policy says")
            .policy(foreign)
            .page("element('script', { src: api + '/script.js' })")
            .gives("loaded")
            .server(["GET /script.js: 200 without Origin"]),
        case("script/crossorigin", "with the attribute crossorigin it is asked for with CORS")
            .policy(listed)
            .page("element('script', { src: api + '/script.js', crossorigin: 'anonymous' })")
            .gives("loaded")
            .server(["GET /script.js: 200"]),
        case("script/crossorigin-not-listed", "and refused")
            .policy(foreign)
            .page("element('script', { src: api + '/script.js', crossorigin: 'anonymous' })")
            .gives(REFUSED),
        case("script/crossorigin-credentials", "use-credentials needs allow_credentials")
            .policy(listed)
            .page("element('script', { src: api + '/script.js', crossorigin: 'use-credentials' })")
            .gives(REFUSED),
        case("script/errors-readable", "its errors are shown to the page")
            .policy(listed)
            .page("reported({ src: api + '/error.js', crossorigin: 'anonymous' }).then(text => text.includes('the details'))")
            .gives(true),
        case("script/errors-muted", "those of a plain foreign script are not (HTML, muted errors)")
            .policy(listed)
            .page("reported({ src: api + '/error.js' }).then(text => text.includes('the details'))")
            .gives(false)
            .except(Engine::Firefox, "shows them in full under WebDriver", true),
        case("script/integrity", "a digest can be checked only of a response that may be read")
            .policy(listed)
            .page("Promise.all(['anonymous', null].map(crossorigin => element('script', { src: api + '/script.js', integrity: 'sha256-n9EN4HRuqAZWS3DkzeVa5nrYbAXf6rOQSDqdLq/Yc5c=', ...(crossorigin && { crossorigin }) })))")
            .gives(vec!["loaded", REFUSED]),
        case("style/crossorigin", "the rules of a style sheet are readable")
            .policy(listed)
            .page("element('link', { rel: 'stylesheet', href: api + '/style.css', crossorigin: 'anonymous' }, rules)")
            .gives("1 rule"),
        case("style/plain", "without the attribute they are not, whatever the policy says")
            .policy(listed)
            .page("element('link', { rel: 'stylesheet', href: api + '/style.css' }, rules)")
            .gives("SecurityError"),
        case("style/crossorigin-not-listed", "and a page that is not listed gets no style sheet")
            .policy(foreign)
            .page("element('link', { rel: 'stylesheet', href: api + '/style.css', crossorigin: 'anonymous' }, rules)")
            .gives(REFUSED),
        case("image/crossorigin", "the pixels of an image are readable on a canvas")
            .policy(listed)
            .page("element('img', { src: api + '/pixel.png', crossorigin: 'anonymous' }, pixels)")
            .gives("read 16,32,48,255")
            .server(["GET /pixel.png: 200"]),
        case("image/plain", "without the attribute it is shown, and taints the canvas")
            .policy(listed)
            .page("element('img', { src: api + '/pixel.png' }, pixels)")
            .gives("SecurityError")
            .server(["GET /pixel.png: 200 without Origin"]),
        case("image/crossorigin-not-listed", "with it, a page that is not listed cannot even show it")
            .policy(foreign)
            .page("element('img', { src: api + '/pixel.png', crossorigin: 'anonymous' }, pixels)")
            .gives(REFUSED),
        case("font/listed", "fonts are always loaded with CORS (CSS Fonts, font fetching requirements)")
            .policy(listed)
            .page("font(api + '/square.ttf')")
            .gives("loaded")
            .server(["GET /square.ttf: 200"])
            .except_server(Engine::WebKit, "loads fonts without CORS", ["GET /square.ttf: 200 without Origin"]),
        case("font/not-listed", "so a page that is not listed gets none")
            .policy(foreign)
            .page("font(api + '/square.ttf')")
            .gives(REFUSED)
            .server(["GET /square.ttf: 200"])
            .except(Engine::WebKit, "loads fonts without CORS", "loaded")
            .except_server(Engine::WebKit, "loads fonts without CORS", ["GET /square.ttf: 200 without Origin"]),
    ]
}
