import EnclaveLink

/// An answer of Amazon SNS: XML, of which one element counts, the message's name or an error's code
/// (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors).
struct AmazonAnswer {
    private let answer: HTTPSAnswer
    private let text: String?

    init(_ answer: HTTPSAnswer) {
        self.answer = answer
        text = String(validating: answer.body, as: UTF8.self)
    }

    var verdict: ProviderVerdict {
        if let code = content(of: "Code") { return verdict(on: code) }
        guard answer.status == 200, let message = content(of: "MessageId") else {
            return ProviderVerdict(unexplained: answer)
        }
        return .accepted(message)
    }

    private func verdict(on code: String) -> ProviderVerdict {
        // They may have come after the message was taken.
        if ["InternalError", "InternalFailure"].contains(code) {
            return .unclear(.providerFailed, status: answer.status)
        }
        guard let reason = reason(of: code) else { return ProviderVerdict(unlisted: answer.status, in: answer) }
        return .refused(reason, status: answer.status)
    }

    /// Nil for an error that is not listed.
    private func reason(of code: String) -> DeliveryFailure.Reason? {
        switch code {
        // The message of this error names the parameter.
        case "InvalidParameter", "InvalidParameterValue":
            content(of: "Message")?.contains("PhoneNumber") == true ? .recipientRefused : .messageRefused
        case "AuthorizationError", "AccessDenied", "AccessDeniedException", "InvalidClientTokenId",
            "SignatureDoesNotMatch", "IncompleteSignature", "ExpiredToken", "MissingAuthenticationToken",
            "OptInRequired", "InvalidSecurity":
            .authenticationRefused
        case "Throttled", "Throttling", "ThrottlingException", "RequestLimitExceeded": .rateLimited
        case "ServiceUnavailable": .providerFailed
        default: nil
        }
    }

    /// The text of an element that stands there once, and has no elements of its own; escapes are left as they are.
    private func content(of element: String) -> String? {
        guard let text else { return nil }
        let starts = text.ranges(of: "<\(element)>")
        guard starts.count == 1, let start = starts.first else { return nil }
        let rest = text[start.upperBound...]
        guard let end = rest.firstIndex(of: "<"), rest[end...].hasPrefix("</\(element)>"), end > rest.startIndex
        else { return nil }
        return String(rest[..<end])
    }
}
