import CP11Kit

/// Why an HSM did not do what was asked of it. It names the call and its return value (PKCS #11 v2.40 §5.1), and no PIN.
struct TokenError: Error, Equatable, Sendable, CustomStringConvertible {
    enum Code: Equatable, Sendable {
        case moduleNotLoaded, tokenMissing, tokenAmbiguous, pinRefused, pinLocked, pinNearlyLocked
        case keyMissing, keyAmbiguous, keyUnfit
        /// The key opens something else, or what it shall open was changed.
        case wrongKey
        case callFailed
        /// Another process tries a PIN.
        case busy
    }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Whether the next try may go well: the token is not there, a call of its failed for a reason of its own, or somebody
    /// else is at it.
    var isPassing: Bool { code == .tokenMissing || code == .callFailed || code == .busy }

    static let busy = TokenError(
        .busy, "another process tries a PIN and has had no answer for seconds; try again when it is done")

    /// Why no PIN is tried at a token with these flags (§3.2); nil where one may be.
    init?(beforeLogin flags: CK_FLAGS) {
        if flags & CK_FLAGS(CKF_USER_PIN_LOCKED) != 0 {
            self.init("C_Login", returned: CK_RV(CKR_PIN_LOCKED))
        } else if flags & CK_FLAGS(CKF_USER_PIN_FINAL_TRY) != 0 {
            self.init(
                .pinNearlyLocked,
                "the next wrong PIN locks it, so none is tried: log in once with the right one by the token's own tool, which "
                    + "gives the tries back, then start again")
        } else {
            return nil
        }
    }

    static func == (one: Self, other: Self) -> Bool { one.code == other.code }

    /// - Parameter result: nil for a call that the module does not have.
    init(_ call: String, returned result: CK_RV?) {
        let value = result.map { "0x" + String($0, radix: 16) } ?? "nothing: the module does not have it"
        switch Int(result ?? CK_RV(CKR_FUNCTION_NOT_SUPPORTED)) {
        case Int(CKR_PIN_INCORRECT), Int(CKR_PIN_INVALID), Int(CKR_PIN_LEN_RANGE):
            self.init(.pinRefused, "it refuses the PIN")
        case Int(CKR_PIN_LOCKED):
            self.init(.pinLocked, "the PIN is locked; its security officer has to set a new one")
        case Int(CKR_KEY_FUNCTION_NOT_PERMITTED), Int(CKR_KEY_TYPE_INCONSISTENT), Int(CKR_MECHANISM_INVALID):
            self.init(.keyUnfit, "the token does not do this with that key: \(call) returned \(value)")
        case Int(CKR_ENCRYPTED_DATA_INVALID), Int(CKR_ENCRYPTED_DATA_LEN_RANGE), Int(CKR_AEAD_DECRYPT_FAILED):
            self.init(.wrongKey, "the key does not open it, or it was changed: \(call) returned \(value)")
        default: self.init(.callFailed, "\(call) returned \(value)")
        }
    }
}

/// `CKR_AEAD_DECRYPT_FAILED` of PKCS #11 v3.0, which older headers do not have.
private let CKR_AEAD_DECRYPT_FAILED = 0x35
