//! Explains which of several policies answers.

use http::request::Parts;

use super::{Explanation, findings::refused_origin};
use crate::{diagnostic::explain_text as text, policies::Policies, policy::request::RequestOrigin};

/// As `CorsPolicy::explain`, and it says which of the policies answers.
pub(crate) fn explain_choice(policies: &Policies, head: &Parts) -> Explanation {
    let (index, policy) = policies.choose(&head.headers);
    let mut explanation = policy.explain(head);
    let origin = RequestOrigin::read(&head.headers);
    let is_granted = !policy.rules().grant(&origin).is_nothing();
    let count = policies.all().len();
    explanation.outcome.push(text::choice(index + 1, count, origin.is_absent(), is_granted));
    if is_granted || origin.is_absent() {
        return explanation;
    }
    // Another policy may allow a nearer origin.
    let nearest = policies.all().iter().enumerate().find_map(|(index, policy)| {
        refused_origin(policy, &origin).nearest.map(|nearest| text::nearest_of(index + 1, &nearest))
    });
    explanation.outcome.extend(nearest);
    explanation
}
