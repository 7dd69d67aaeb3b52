import EnclaveLink

/// One question to the captcha's provider.
struct CaptchaErrand: Sendable {
    let widget: CaptchaWidget
    let token: CaptchaToken
    /// The visitor's IP address; nil where it is not known.
    let address: String?
    /// A UUID, by which the provider knows a question that it is asked again from a new one about a used token.
    let idempotencyKey: String

    /// The question as the form that siteverify takes.
    var form: [UInt8] {
        FormText.encoded(
            [("secret", widget.secret), ("response", token.value)]
                + (address.map { [("remoteip", $0)] } ?? [])
                + [("idempotency_key", idempotencyKey)])
    }
}
