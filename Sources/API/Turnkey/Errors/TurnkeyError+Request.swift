import HTTPServer
import SealedPasscodes

/// Requests that cannot be read, or that come from where they must not.
extension TurnkeyError {
    static func missing(_ field: String) -> Self {
        TurnkeyError(.invalidArgument, .missingField, "\(field) is missing")
    }

    static func invalid(_ field: String, _ rule: String) -> Self {
        TurnkeyError(.invalidArgument, .invalidField, "\(field) \(rule)")
    }

    static func malformedBody(_ message: String) -> Self { TurnkeyError(.invalidArgument, .malformedBody, message) }

    /// What belongs to the generation in which codes travelled in the clear.
    static func legacy(_ message: String) -> Self { TurnkeyError(.invalidArgument, .legacyActivity, message) }

    static let stampMissing = TurnkeyError(
        .unauthenticated, .signatureMissing,
        "cannot authenticate public API activity request without a stamp (X-Stamp header)")

    static func malformedStamp(_ message: String) -> Self {
        TurnkeyError(.unauthenticated, .stampMalformed, "malformed stamp: \(message)")
    }

    static let stampSignature = TurnkeyError(
        .unauthenticated, .signatureInvalid, "could not verify api key signature: it is not over this exact body")

    static let organizationMismatch = TurnkeyError(
        .invalidArgument, .organizationMismatch, "organization mismatch: the stamp's key is of another organization")

    static let organizationNotFound = TurnkeyError(
        .notFound, .organizationNotFound, "no organization found with the given ID")

    /// A public key of the request, or a bundle, that is none.
    init(_ error: SealedPasscodeError, in field: String) {
        switch error.code {
        case .uncompressedPoint:
            self.init(
                .invalidArgument, .publicKeyUncompressed,
                "\(field) is uncompressed; send the compressed key, 66 hexadecimal digits")
        case .compressedPoint:
            self.init(
                .invalidArgument, .publicKeyCompressed,
                "\(field) is compressed; send the uncompressed key, 130 hexadecimal digits")
        case .malformedPoint:
            self.init(.invalidArgument, .publicKeyMalformed, "\(field) is no public key of P-256 in hexadecimal")
        case .malformedBundle, .unknownVersion, .wrongSigner, .signatureInvalid, .wrongChallenge, .expired, .notOpened,
            .malformedContent, .malformedProof, .wrongMethod, .wrongAddress, .wrongToken:
            self.init(
                .invalidArgument, .bundleMalformed,
                #"\#(field) is not the JSON text {"encappedPublic":"04…","ciphertext":"…"} in hexadecimal"#)
        }
    }

    init(_ refusal: VisitorRefusal) {
        switch refusal {
        case .configurationMissing:
            self.init(.invalidArgument, .configurationMissing, "X-Auth-Proxy-Config-Id must be sent once")
        case .configurationUnknown:
            self.init(.notFound, .configurationUnknown, "no auth proxy found with the given X-Auth-Proxy-Config-Id")
        case .pageNotAllowed:
            self.init(.permissionDenied, .originNotAllowed, "the organization does not list this page's origin")
        case .malformedCaptchaToken:
            self = .invalid("X-Captcha-Token", "must be sent once, with at most 2048 characters")
        }
    }

    init(_ reason: RefusalReason) {
        switch reason {
        case .notFound: self.init(.notFound, .routeNotFound, reason.detail)
        case .methodNotAllowed: self.init(.unimplemented, .methodNotAllowed, reason.detail)
        case .body: self = .malformedBody(reason.detail)
        case .internalError: self.init(.internalError, .internalError, "internal server error")
        case .tooManyConnections, .tooManyWaiting, .waitingShareTaken:
            self.init(.unavailable, .unavailable, reason.detail)
        case .malformedMessage, .parameter, .requestTimeout, .bodyTooLong, .targetTooLong, .expectationFailed,
            .upgradeRequired, .headerTooLong, .unsupportedTransferCoding, .unsupportedVersion:
            self.init(.invalidArgument, .requestRefused, reason.detail)
        }
        status = reason.status
    }
}
