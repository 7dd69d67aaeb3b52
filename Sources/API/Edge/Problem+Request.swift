import HTTPServer

/// How a request that cannot be read looks in our own API.
extension Problem {
    init(_ error: RequestBodyError) {
        switch error {
        case .missingField(let name): self.init(.unprocessableEntity, "missing_field", "\(name) is missing.")
        case .wrongType(let name) where !name.isEmpty: self = .invalidField(name, "has a value of the wrong type.")
        case .empty, .notUTF8, .notJSON, .tooDeep, .wrongType:
            self.init(.badRequest, "invalid_json", "The body must be a JSON object.")
        }
    }

    init(_ error: InvalidIdempotencyKey) {
        self.init(.badRequest, "invalid_idempotency_key", error.message)
    }

    init(_ refusal: VisitorRefusal) {
        switch refusal {
        case .configurationMissing:
            self.init(.badRequest, "invalid_configuration", "X-Countersign-Config must be sent once.")
        case .configurationUnknown:
            self.init(
                .notFound, "configuration_unknown",
                "There is no such X-Countersign-Config, or its workspace lets no visitors in.")
        case .pageNotAllowed:
            self.init(
                .forbidden, "origin_not_allowed", "The workspace does not list this page's origin in allowed_origins.")
        case .malformedCaptchaToken:
            self = .invalidField("X-Captcha-Token", "must be sent once, with at most 2048 characters.")
        }
    }
}
