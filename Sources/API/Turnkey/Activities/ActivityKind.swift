import Workspaces

/// What can be submitted, by the last part of its path.
enum ActivityKind: String, CaseIterable, Sendable {
    case initOTP = "init_otp"
    case verifyOTP = "verify_otp"
    case otpLogin = "otp_login"
    case stampLogin = "stamp_login"

    /// The type that documents name.
    var type: String {
        switch self {
        case .initOTP: "ACTIVITY_TYPE_INIT_OTP_V3"
        case .verifyOTP: "ACTIVITY_TYPE_VERIFY_OTP_V2"
        case .otpLogin: "ACTIVITY_TYPE_OTP_LOGIN_V2"
        case .stampLogin: "ACTIVITY_TYPE_STAMP_LOGIN"
        }
    }

    /// An older type that deployed clients send with today's parameters.
    var elderType: String? {
        switch self {
        case .verifyOTP: "ACTIVITY_TYPE_VERIFY_OTP"
        case .otpLogin: "ACTIVITY_TYPE_OTP_LOGIN"
        case .initOTP, .stampLogin: nil
        }
    }

    /// What a back end's key needs to submit it.
    var ability: KeyAbility {
        switch self {
        case .initOTP: .send
        case .verifyOTP, .otpLogin, .stampLogin: .verify
        }
    }

    /// The member of `result` that holds what came of it.
    var resultName: String {
        switch self {
        case .initOTP: "initOtpResultV2"
        case .verifyOTP: "verifyOtpResult"
        case .otpLogin: "otpLoginResult"
        case .stampLogin: "stampLoginResult"
        }
    }

    /// The paths that the generation had in which codes travelled in the clear, beside those of today.
    static let legacyPaths = ["init_otp_auth", "otp_auth", "init_otp_auth_v2"]

    /// Checks a request's `type`. Throws `legacy` for one of that generation.
    func check(type sent: String) throws(TurnkeyError) {
        guard sent != type, sent != elderType else { return }
        throw Self.isLegacy(sent) ? Self.legacy : .invalid("type", "must be \(type) here")
    }

    private static func isLegacy(_ type: String) -> Bool {
        ["ACTIVITY_TYPE_INIT_OTP", "ACTIVITY_TYPE_INIT_OTP_V2", "ACTIVITY_TYPE_OTP_AUTH"].contains(type)
            || type.hasPrefix("ACTIVITY_TYPE_INIT_OTP_AUTH")
    }

    static let legacy = TurnkeyError.legacy(
        "this activity type sends codes in the clear. Use \(initOTP.type) and \(verifyOTP.type)")
}
