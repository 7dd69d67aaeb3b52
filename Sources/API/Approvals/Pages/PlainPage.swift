import HTTPServer

/// Pages about no request in particular: what went wrong, and what to do.
enum PlainPage {
    /// The same for a request of somebody else's, for one that nobody was asked about, and for none.
    static let notFound = page(.unknownRequest)

    static func page(_ notice: Notice, _ link: HTML? = nil) -> ApprovalPage {
        ApprovalPage(
            status: notice.status, title: "That did not work", content: "\(notice.html)\(link)",
            retryAfter: notice.retryAfter)
    }
}

extension Notice {
    static let unknownRequest = Notice(
        .notFound, "There is no such request. Check the address, or ask whoever sent it to you.")

    init(_ refusal: FormRefusal) {
        switch refusal {
        case .notOurs:
            self.init(
                .forbidden,
                "Nothing was done: the form was sent from another page or browser, or it is too old. Open "
                    + "the page again and try once more. Cookies must be allowed.")
        case .malformed:
            self.init(.badRequest, "Nothing was done: the form was not filled in as this page asks. Open it again.")
        }
    }

    init(_ reason: RefusalReason) {
        switch reason {
        case .notFound: self = .unknownRequest
        case .bodyTooLong: self.init(.payloadTooLarge, "That was too much text. Nothing was done.")
        case .internalError:
            self.init(.internalServerError, "Something went wrong here. Nothing was done. Try again in a moment.")
        case .tooManyConnections, .tooManyWaiting, .waitingShareTaken: self = .unavailable
        case .malformedMessage, .body, .parameter, .methodNotAllowed, .requestTimeout, .targetTooLong,
            .expectationFailed, .upgradeRequired, .headerTooLong, .unsupportedTransferCoding, .unsupportedVersion:
            self.init(reason.status, "The browser's request could not be read. Open the page again.")
        }
    }
}
