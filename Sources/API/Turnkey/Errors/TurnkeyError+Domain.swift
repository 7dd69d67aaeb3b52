import EnclaveLink
import HTTPServer
import Passcodes
import Workspaces

/// How the rooms' errors look in the dialect.
extension TurnkeyError {
    init(_ error: PasscodeError) {
        self.init(translating: error)
        attemptsRemaining = error.attemptsRemaining
        if retryAfter == 0 { retryAfter = error.retryAfter }
        reason = error.description
    }

    private init(translating error: PasscodeError) {
        switch error.code {
        case .invalidCode: self.init(.invalidArgument, .invalidOTPCode, "Invalid OTP code")
        case .codeExpired: self.init(.failedPrecondition, .otpExpired, "OTP has expired. Initiate a new one")
        // Of one code, or of all codes of a contact.
        case .tooManyAttempts: self.init(.failedPrecondition, .otpLocked, error.message)
        case .codeSpent: self.init(.failedPrecondition, .otpUsed, "OTP was already used. Initiate a new one")
        case .madeBeforeRestart:
            self.init(
                .failedPrecondition, .otpFromBeforeRestart,
                "OTP is from before the enclave's restart. Initiate a new one")
        case .challengeUnknown: self.init(.notFound, .otpUnknown, "no OTP found with the given otpId")
        case .tooManyInFlight:
            self.init(
                .invalidArgument, .maxOTPInitiated, "Max number of OTPs have been initiated please wait and try again")
        case .attemptRefused(let fault): self.init(fault)
        case .tokenRefused(let fault): self.init(fault)
        case .tokenUsed:
            self.init(.failedPrecondition, .tokenUsed, "verification token was already used for this. Verify again")
        case .contactMismatch:
            self.init(.invalidArgument, .contactMismatch, "verification token is for another contact")
        case .userUnknown: self.init(.notFound, .userNotFound, "no user found for the verified contact. Sign up first")
        case .userExists: self.init(.alreadyExists, .userExists, "a user with the verified contact exists. Log in")
        case .sessionUnknown: self = .publicKeyNotFound
        case .proofRefused: self.init(.unauthenticated, .clientSignatureInvalid, "proof of possession does not count")
        case .captchaRefused: self.init(.permissionDenied, .captchaRefused, "captcha was not solved. Try again")
        case .contactNotInSandbox: self.init(.invalidArgument, .contactNotInSandbox, error.message)
        case .invalidPhoneNumber, .invalidEmail: self.init(.invalidArgument, .contactInvalid, error.message)
        case .invalidChannel:
            self.init(.invalidArgument, .contactInvalid, "contact does not fit otpType")
        case .phoneNumberRefused, .testRecipient: self.init(.invalidArgument, .contactRefused, error.message)
        case .idempotencyInProgress:
            self.init(.aborted, .requestInProgress, "the same request is still under way. Ask again in a moment")
        // Of operators, senders and providers; this dialect raises none of them, but for a template
        // that was saved before its length had a limit.
        case .rotatedRecently, .alreadyVerified, .reportRefused, .reportMalformed, .templateUnknown,
            .templateRefused, .bindingIncomplete, .messageTooLong, .claimRefused:
            self.init(.failedPrecondition, .internalError, error.message)
        case .idempotencyKeyReused: self.init(.invalidArgument, .requestReused, error.message)
        case .deliveryFailed:
            self.init(.unavailable, .deliveryFailed, error.message)
            status = .badGateway
        case .customizationRefused: self.init(.invalidArgument, .customizationRefused, error.message)
        case .sendingPaused: self.init(WorkspaceError.rateLimited(by: "destination", retryAfter: error.retryAfter))
        case .workspace(let error): self.init(error)
        case .unavailable: self = .tryAgain
        }
    }

    /// What is wrong with the content of a sealed attempt, which was counted.
    private init(_ fault: PasscodeError.AttemptFault) {
        switch fault {
        case .notOpened:
            self.init(
                .invalidArgument, .bundleNotOpened, "encryptedOtpBundle was not encrypted to this OTP's target key")
        case .malformedContent:
            self.init(
                .invalidArgument, .bundleMalformed, #"encryptedOtpBundle does not hold {"otp_code","public_key"}"#)
        case .malformedKey:
            self.init(.invalidArgument, .publicKeyMalformed, "encryptedOtpBundle's public_key is no point of P-256")
        case .uncompressedKey:
            self.init(
                .invalidArgument, .publicKeyUncompressed,
                "encryptedOtpBundle's public_key is uncompressed; send the compressed key, 66 hexadecimal digits")
        }
    }

    /// Why a verification token, or the signature beside it, does not count.
    init(_ fault: TokenFault) {
        switch fault {
        case .tokenMalformed: self.init(.unauthenticated, .tokenMalformed, "verification token is malformed")
        case .tokenSignature:
            self.init(.unauthenticated, .tokenSignature, "verification token was not signed by this enclave")
        case .tokenExpired: self.init(.unauthenticated, .tokenExpired, "verification token has expired. Verify again")
        case .tokenForeign:
            self.init(.unauthenticated, .tokenForeign, "verification token is for another organization")
        case .otherKey:
            self.init(
                .unauthenticated, .clientKeyMismatch, "the signature's publicKey is not the verification token's")
        case .proofMalformed:
            self.init(.unauthenticated, .clientSignatureMalformed, "the signed message is not one for this use")
        case .proofSignature:
            self.init(
                .unauthenticated, .clientSignatureInvalid, "the signature by the verification token's key is invalid")
        case .proofForeign:
            self.init(
                .unauthenticated, .clientSignatureForeign,
                "the signed message is for another token, use, organization or publicKey")
        case .proofExpired:
            self.init(.unauthenticated, .clientSignatureForeign, "the signed message is too old")
        }
    }

    init(_ error: WorkspaceError) {
        self.init(translating: error)
        if retryAfter == 0 { retryAfter = error.retryAfter }
        limit = error.policy?.uses
        reason = error.description
    }

    private init(translating error: WorkspaceError) {
        switch error.code {
        case .keyMissing: self = .stampMissing
        case .keyInvalid, .keyRevoked: self = .publicKeyNotFound
        // Clients look for the words after "Unauthenticated" to tell that a key's time is over.
        case .keyExpired:
            self.init(.unauthenticated, .keyExpired, "Unauthenticated desc = expired api key publicKey")
        case .keyInBrowser, .keyNotPermitted, .certificateRequired, .addressNotAllowed, .abilityMissing,
            .signatureInvalid:
            self.init(.permissionDenied, .permissionDenied, error.message)
        case .subscriptionInactive: self.init(.permissionDenied, .subscriptionInactive, error.message)
        case .quotaExceeded, .budgetExceeded: self.init(.resourceExhausted, .quotaExceeded, error.message)
        case .cooldown, .rateLimited:
            self.init(
                .resourceExhausted, .rateLimited, "Too many requests. Please wait and try again in a few seconds")
        case .invalidSetting, .keyRegistered: self.init(.invalidArgument, .invalidField, error.message)
        case .notFound: self.init(.notFound, .organizationNotFound, "no organization found with the given ID")
        case .unavailable: self = .tryAgain
        }
    }

    /// A stamp by a key that nobody registered, or whose session has ended. Clients know the words.
    static let publicKeyNotFound = TurnkeyError(
        .unauthenticated, .publicKeyNotFound, "could not find public key in organization or its parent organization")

    static let tryAgain: TurnkeyError = {
        var error = TurnkeyError(.unavailable, .unavailable, "the server cannot answer now. Try again")
        error.retryAfter = 1
        return error
    }()
}
