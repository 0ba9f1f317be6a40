//! The cookies of an attempt: whether they go along, which, and what is stored.

use http::{HeaderMap, Method};

use super::{
    attempt::{Attempt, Tainting},
    origin::Origin,
    redirect::Taint,
    session::Session,
};
use crate::{
    Credentials, Mode,
    cookies::{Place, Reach, SetCookie},
};

impl Attempt {
    /// Fetch, "HTTP-network-or-cache fetch", step 8.3.
    pub(super) fn includes_credentials(&self) -> bool {
        match self.credentials {
            Credentials::Include => true,
            Credentials::SameOrigin => self.tainting == Tainting::Basic,
            Credentials::Omit => false,
        }
    }

    /// Which cookies go along (RFC 6265bis, 5.2 and 5.8.3).
    pub(super) fn reach(&self, session: &Session) -> Reach {
        let habits = session.engine.habits();
        let target = Origin::of(self.url());
        let site = if self.page.is_opaque() && !habits.sandbox_is_of_its_site {
            &self.page
        } else {
            &session.shown_on
        };
        let is_tainted = habits.taints_cookies && self.taint() == Taint::CrossSite;
        if site.is_same_site(&target) && !is_tainted {
            return Reach::SameSite;
        }
        match (self.mode, &self.method) {
            (Mode::Navigate, &Method::GET | &Method::HEAD) => Reach::SafeNavigation,
            (Mode::Navigate, _) => Reach::Navigation,
            _ => Reach::CrossSite,
        }
    }

    pub(super) fn store_cookies(&self, headers: &HeaderMap, session: &mut Session) {
        let reach = self.reach(session);
        let place =
            Place { url: self.url(), reach, now: session.now, habits: session.engine.habits() };
        for line in headers.get_all(http::header::SET_COOKIE) {
            if let Some(cookie) = SetCookie::parse(line.as_bytes()) {
                session.jar.store(cookie, place);
            }
        }
    }
}
