/// The `turnkeyErrorCode` of an error: the hosted service's where it has one, else ours.
enum ErrorName: String, Encodable, CaseIterable, Sendable {
    // The hosted service's.
    case maxOTPInitiated = "MAX_OTP_INITIATED"
    case publicKeyNotFound = "PUBLIC_KEY_NOT_FOUND"
    case organizationMismatch = "ORGANIZATION_MISMATCH"
    case signatureInvalid = "SIGNATURE_INVALID"
    case signatureMissing = "SIGNATURE_MISSING"
    case keyExpired = "API_KEY_EXPIRED"

    // Codes.
    case invalidOTPCode = "INVALID_OTP_CODE"
    case otpExpired = "OTP_EXPIRED"
    case otpLocked = "OTP_LOCKED"
    case otpUsed = "OTP_ALREADY_USED"
    case otpFromBeforeRestart = "OTP_FROM_BEFORE_RESTART"
    case otpUnknown = "OTP_NOT_FOUND"

    // What clients seal, sign and stamp.
    case bundleMalformed = "OTP_BUNDLE_MALFORMED"
    case bundleNotOpened = "OTP_BUNDLE_NOT_OPENED"
    case publicKeyMalformed = "PUBLIC_KEY_MALFORMED"
    case publicKeyUncompressed = "PUBLIC_KEY_UNCOMPRESSED"
    case publicKeyCompressed = "PUBLIC_KEY_COMPRESSED"
    case stampMalformed = "STAMP_MALFORMED"
    case tokenMalformed = "VERIFICATION_TOKEN_MALFORMED"
    case tokenSignature = "VERIFICATION_TOKEN_SIGNATURE_INVALID"
    case tokenExpired = "VERIFICATION_TOKEN_EXPIRED"
    case tokenForeign = "VERIFICATION_TOKEN_MISMATCH"
    case tokenUsed = "VERIFICATION_TOKEN_ALREADY_USED"
    case tokenMissing = "VERIFICATION_TOKEN_MISSING"
    case clientKeyMismatch = "CLIENT_SIGNATURE_KEY_MISMATCH"
    case clientSignatureMalformed = "CLIENT_SIGNATURE_MALFORMED"
    case clientSignatureInvalid = "CLIENT_SIGNATURE_INVALID"
    case clientSignatureForeign = "CLIENT_SIGNATURE_MISMATCH"

    // Requests.
    case malformedBody = "MALFORMED_BODY"
    case missingField = "MISSING_FIELD"
    case invalidField = "INVALID_FIELD"
    case legacyActivity = "LEGACY_ACTIVITY_TYPE"
    case timestampOutOfRange = "TIMESTAMP_OUT_OF_RANGE"
    case organizationNotFound = "ORGANIZATION_NOT_FOUND"
    case activityNotFound = "ACTIVITY_NOT_FOUND"
    case routeNotFound = "ROUTE_NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case requestRefused = "REQUEST_REFUSED"
    case requestInProgress = "REQUEST_IN_PROGRESS"
    case requestReused = "REQUEST_REUSED"

    // Contacts, people, sending.
    case contactInvalid = "CONTACT_INVALID"
    case contactRefused = "CONTACT_REFUSED"
    case contactNotInSandbox = "CONTACT_NOT_IN_SANDBOX"
    case contactMismatch = "CONTACT_MISMATCH"
    case userNotFound = "USER_NOT_FOUND"
    case userExists = "USER_ALREADY_EXISTS"
    case deliveryFailed = "DELIVERY_FAILED"
    case templateUnknown = "TEMPLATE_NOT_FOUND"
    case customizationRefused = "CUSTOMIZATION_REFUSED"
    case senderNotAllowed = "SENDER_NOT_ALLOWED"

    // Rights and limits.
    case configurationMissing = "AUTH_PROXY_CONFIG_MISSING"
    case configurationUnknown = "AUTH_PROXY_CONFIG_NOT_FOUND"
    case originNotAllowed = "ORIGIN_NOT_ALLOWED"
    case captchaRefused = "CAPTCHA_REFUSED"
    case permissionDenied = "PERMISSION_DENIED"
    case subscriptionInactive = "SUBSCRIPTION_INACTIVE"
    case quotaExceeded = "QUOTA_EXCEEDED"
    case rateLimited = "RATE_LIMITED"
    case unavailable = "UNAVAILABLE"
    case internalError = "INTERNAL"
}
