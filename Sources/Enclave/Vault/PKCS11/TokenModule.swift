import CP11Kit

/// A vendor's PKCS #11 module, loaded and initialized.
///
/// Its code runs in the process that loads it. So this is for the keeper and for commands, never for the enclave itself.
struct TokenModule {
    let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>

    /// - Parameter path: the module's shared library.
    /// - Throws: `moduleNotLoaded`, or `callFailed` if it does not start.
    init(path: String) throws(TokenError) {
        guard let functions = p11_kit_module_load(path, Int32(P11_KIT_MODULE_UNMANAGED)) else {
            let reason = p11_kit_message().map { String(cString: $0) } ?? "it is no PKCS #11 module"
            throw TokenError(.moduleNotLoaded, "\(path) cannot be loaded: \(reason)")
        }
        self.functions = functions
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
        let result = withUnsafeMutablePointer(to: &arguments) { functions.pointee.C_Initialize?($0) }
        guard result == CK_RV(CKR_OK) || result == CK_RV(CKR_CRYPTOKI_ALREADY_INITIALIZED) else {
            throw TokenError("C_Initialize", returned: result)
        }
    }

    /// The slot of the one token with this label, or with this number.
    /// - Throws: `tokenMissing` or `tokenAmbiguous`, with the labels of what is there.
    func slot(of token: TokenName) throws(TokenError) -> CK_SLOT_ID {
        let slots = try slots()
        switch token {
        case .slot(let number):
            let slot = CK_SLOT_ID(number)
            guard slots.contains(slot) else {
                throw TokenError(.tokenMissing, "there is no token in slot \(number); there are \(list(slots))")
            }
            return slot
        case .label(let label):
            let found = slots.filter { self.label(of: $0) == label }
            guard let slot = found.first else {
                throw TokenError(.tokenMissing, "there is no token '\(label)'; there are \(list(slots))")
            }
            guard found.count == 1 else {
                throw TokenError(.tokenAmbiguous, "\(found.count) tokens are called '\(label)'; name the slot instead")
            }
            return slot
        }
    }

    private func slots() throws(TokenError) -> [CK_SLOT_ID] {
        var count: CK_ULONG = 0
        try check("C_GetSlotList", functions.pointee.C_GetSlotList?(1, nil, &count))
        var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
        try check("C_GetSlotList", functions.pointee.C_GetSlotList?(1, &slots, &count))
        return Array(slots.prefix(Int(count)))
    }

    /// - Throws: `pinLocked` or `pinNearlyLocked` for a token at which no PIN may be tried.
    func expectRoomForTry(at slot: CK_SLOT_ID) throws(TokenError) {
        var information = CK_TOKEN_INFO()
        try check("C_GetTokenInfo", functions.pointee.C_GetTokenInfo?(slot, &information))
        if let error = TokenError(beforeLogin: information.flags) { throw error }
    }

    /// The label without the blanks that fill it up (§3.2), empty for a token that has none.
    func label(of slot: CK_SLOT_ID) -> String {
        var information = CK_TOKEN_INFO()
        guard functions.pointee.C_GetTokenInfo?(slot, &information) == CK_RV(CKR_OK) else { return "" }
        let bytes = withUnsafeBytes(of: information.label) { Array($0) }
        let end = bytes.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private func list(_ slots: [CK_SLOT_ID]) -> String {
        let found = slots.map { "'\(label(of: $0))' in slot \($0)" }
        return found.isEmpty ? "none" : found.joined(separator: ", ")
    }

    /// - Throws: what the call returned, unless it succeeded.
    func check(_ call: String, _ result: CK_RV?) throws(TokenError) {
        guard result == CK_RV(CKR_OK) else { throw TokenError(call, returned: result) }
    }
}

/// How a setting names a token.
enum TokenName: Equatable, Sendable {
    case label(String)
    case slot(Int)

    var text: String {
        switch self {
        case .label(let label): label
        case .slot(let number): "slot \(number)"
        }
    }
}
