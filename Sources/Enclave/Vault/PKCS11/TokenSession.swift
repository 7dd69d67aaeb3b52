import CP11Kit
import Configuration
import Glibc

/// A session with a token (PKCS #11 v2.40 §5.6). One thread uses it.
final class TokenSession {
    let module: TokenModule
    let handle: CK_SESSION_HANDLE
    private let slot: CK_SLOT_ID

    /// Not logged in yet.
    /// - Throws: `tokenMissing`, `tokenAmbiguous` or `callFailed`.
    init(_ module: TokenModule, token: TokenName) throws(TokenError) {
        self.module = module
        slot = try module.slot(of: token)
        var handle: CK_SESSION_HANDLE = 0
        let flags = CK_FLAGS(CKF_SERIAL_SESSION | CKF_RW_SESSION)
        try module.check("C_OpenSession", module.functions.pointee.C_OpenSession?(slot, flags, nil, nil, &handle))
        self.handle = handle
    }

    /// - Throws: `pinRefused`, `pinLocked`, `pinNearlyLocked` or `callFailed`.
    func logIn(_ pin: SecretText) throws(TokenError) {
        try module.expectRoomForTry(at: slot)
        var digits = Array(pin.reveal().utf8)
        defer { digits.wipe() }
        let result = module.functions.pointee.C_Login?(handle, CK_USER_TYPE(CKU_USER), &digits, CK_ULONG(digits.count))
        if result != CK_RV(CKR_USER_ALREADY_LOGGED_IN) { try module.check("C_Login", result) }
    }

    deinit { _ = module.functions.pointee.C_CloseSession?(handle) }

    /// The one object that has these attributes.
    /// - Parameter name: what it is called in an error.
    /// - Throws: `keyMissing` or `keyAmbiguous`.
    func find(_ template: AttributeTemplate, called name: String) throws(TokenError) -> CK_OBJECT_HANDLE {
        let found = try find(template, limit: 2)
        guard let object = found.first else { throw TokenError(.keyMissing, "the token has no key '\(name)'") }
        guard found.count == 1 else { throw TokenError(.keyAmbiguous, "the token has several keys '\(name)'") }
        return object
    }

    /// Up to `limit` objects that have these attributes.
    func find(_ template: AttributeTemplate, limit: Int) throws(TokenError) -> [CK_OBJECT_HANDLE] {
        let functions = module.functions.pointee
        try module.check("C_FindObjectsInit", template.lend { functions.C_FindObjectsInit?(handle, $0, $1) })
        defer { _ = functions.C_FindObjectsFinal?(handle) }
        var found = [CK_OBJECT_HANDLE](repeating: 0, count: limit)
        var count: CK_ULONG = 0
        try module.check("C_FindObjects", functions.C_FindObjects?(handle, &found, CK_ULONG(limit), &count))
        return Array(found.prefix(Int(count)))
    }

    /// One attribute of an object.
    /// - Throws: `callFailed`, also for one that the token does not tell.
    func attribute(_ type: UInt, of object: CK_OBJECT_HANDLE) throws(TokenError) -> [UInt8] {
        let functions = module.functions.pointee
        var attribute = CK_ATTRIBUTE(type: CK_ATTRIBUTE_TYPE(type), pValue: nil, ulValueLen: 0)
        try module.check("C_GetAttributeValue", functions.C_GetAttributeValue?(handle, object, &attribute, 1))
        guard attribute.ulValueLen <= 65_536 else { throw TokenError(.callFailed, "an attribute is too long") }
        var value = [UInt8](repeating: 0, count: Int(attribute.ulValueLen))
        let result = value.withUnsafeMutableBytes { memory in
            attribute.pValue = memory.baseAddress
            return functions.C_GetAttributeValue?(handle, object, &attribute, 1)
        }
        try module.check("C_GetAttributeValue", result)
        return value
    }
}
