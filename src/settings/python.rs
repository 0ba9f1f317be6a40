//! Where Python's `re` and Rust read one regular expression differently (difference D8).

use regex_syntax::ast::{
    self, AssertionKind, Ast, ClassSetItem, ErrorKind, RepetitionOp, Span, Visitor,
};

/// Refuses what both languages take and read differently; it would silently widen an allow-list
/// that was copied from FastAPI.
pub(crate) fn refuse_ambiguous(regex: &str, ast: &Ast) -> Result<(), String> {
    ast::visit(ast, Reader { regex }).map_err(|(span, problem)| {
        format!("{:?}: {problem}", &regex[span.start.offset..span.end.offset])
    })
}

struct Reader<'a> {
    regex: &'a str,
}

impl Visitor for Reader<'_> {
    type Output = ();
    type Err = (Span, &'static str);

    fn finish(self) -> Result<(), Self::Err> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        match ast {
            Ast::Repetition(repetition) if matches!(*repetition.ast, Ast::Repetition(_)) => Err((
                repetition.span,
                "in Python this never gives back, in Rust it repeats a repetition; write one of the two quantifiers",
            )),
            Ast::Repetition(repetition) if self.is_spaced(&repetition.op) => Err((
                repetition.op.span,
                "in Python these are plain characters, in Rust a repetition; write it without spaces",
            )),
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::StartLine
                | AssertionKind::EndLine
                | AssertionKind::StartText
                | AssertionKind::EndText
                | AssertionKind::WordBoundary
                | AssertionKind::NotWordBoundary => Ok(()),
                _ => Err((
                    assertion.span,
                    "in Rust this is a word boundary, in Python plain characters; write \"\\b\", or leave it out",
                )),
            },
            _ => Ok(()),
        }
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
        // The outermost brackets are no item, so any bracket met here stands within others.
        match item {
            ClassSetItem::Bracketed(inner) => Err((
                inner.span,
                "in Rust this is a class within a class, in Python plain characters; write \"\\[\"",
            )),
            ClassSetItem::Ascii(class) => Err((
                class.span,
                "in Rust this is a named class, in Python plain characters; write its characters, as in \"a-z\"",
            )),
            _ => Ok(()),
        }
    }

    fn visit_class_set_binary_op_pre(
        &mut self,
        operation: &ast::ClassSetBinaryOp,
    ) -> Result<(), Self::Err> {
        Err((
            operation.span,
            "in Rust this is a set operation, in Python plain characters; write the characters that are meant",
        ))
    }
}

impl Reader<'_> {
    /// `a{2, 3}` is a repetition to Rust alone.
    fn is_spaced(&self, op: &RepetitionOp) -> bool {
        self.regex[op.span.start.offset..op.span.end.offset].contains(char::is_whitespace)
    }
}

/// What is wrong with a regular expression that does not parse, with the Rust way where only Python
/// knows the spelling.
pub(crate) fn explain(regex: &str, error: &ast::Error) -> String {
    let Span { start, end } = *error.span();
    let part = regex.get(start.offset..end.offset).unwrap_or_default();
    let rest = regex.get(start.offset..).unwrap_or_default();
    let advice = match error.kind() {
        ErrorKind::UnsupportedLookAround => {
            "look-around is not available, since matching takes linear time; write the origins as alternatives, or use allow_origin_if"
        }
        ErrorKind::UnsupportedBackreference if part.starts_with("\\0") => {
            "only Python knows octal escapes; write \"\\x00\" with two hexadecimal digits"
        }
        ErrorKind::UnsupportedBackreference => BACKREFERENCE,
        ErrorKind::FlagUnrecognized if rest.starts_with("P=") => BACKREFERENCE,
        ErrorKind::EscapeUnrecognized if part == "\\Z" => {
            "only Python knows \"\\Z\"; leave it out, the whole origin must match anyway, or write \"\\z\""
        }
        ErrorKind::EscapeUnrecognized => {
            "no such escape; leave out the backslash, or write the character as \\x and its two digits"
        }
        ErrorKind::RepetitionCountDecimalEmpty
            if rest.starts_with("{,") || part.starts_with(',') =>
        {
            "only Python knows a repetition without its lower bound; write it, as in \"{0,3}\""
        }
        ErrorKind::DecimalEmpty
        | ErrorKind::DecimalInvalid
        | ErrorKind::RepetitionCountDecimalEmpty
        | ErrorKind::RepetitionCountUnclosed => {
            "a bare \"{\" begins a repetition; write \"\\{\" for the character, \"{0,3}\" for at most three"
        }
        ErrorKind::ClassUnclosed => "a \"[\" has no \"]\"; write \"\\[\" for the character",
        ErrorKind::FlagUnrecognized
        | ErrorKind::FlagUnexpectedEof
        | ErrorKind::RepetitionMissing
            if regex[..start.offset].ends_with('(') || regex[..start.offset].ends_with("(?") =>
        {
            "only Python knows this group; write \"(?:\u{2026})\""
        }
        ErrorKind::RepetitionMissing if regex.starts_with('*') => {
            "this is a wildcard, no regular expression; write allow_origins([\"https://*.example.com\"])"
        }
        ErrorKind::RepetitionMissing => {
            "a quantifier has nothing to repeat; write \"\\\" before it for the character"
        }
        kind if part.is_empty() => return format!("not a regular expression: {kind}"),
        kind => return format!("not a regular expression: {kind}, at {part:?}"),
    };
    if part.is_empty() { advice.to_owned() } else { format!("at {part:?}: {advice}") }
}

const BACKREFERENCE: &str = "backreferences are not available, since matching takes linear time; write the origins as alternatives, or use allow_origin_if";
