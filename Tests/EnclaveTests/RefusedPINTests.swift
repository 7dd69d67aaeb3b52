import CP11Kit
import Fixtures
import Glibc
import Testing

@testable import Enclave

@Suite("a PIN that a token refused")
struct RefusedPINTests {
    private let built: BuiltEnclave
    private let refused: RefusedPINs

    init() throws {
        built = try BuiltEnclave(masterKey: false)
        refused = RefusedPINs(dataDirectory: built.dataDirectory)
    }

    /// Tries a PIN at a token that answers so.
    /// - Returns: whether it came to that.
    private func attempt(_ token: String, _ answer: UInt?) throws -> Bool {
        let tries = Recorded<String>()
        do {
            try refused.trying(.label(token)) { () throws(TokenError) in
                tries.append(token)
                if let answer { throw TokenError("C_Login", returned: CK_RV(answer)) }
            }
        } catch {
            guard !tries.all.isEmpty else { throw error }
        }
        return !tries.all.isEmpty
    }

    @Test("is not tried again at that token until the file is deleted; another token's is")
    func once() throws {
        #expect(try attempt("one", CKR_PIN_INCORRECT))
        #expect(throws: VaultError.pinRefusedBefore(.label("one"), path: refused.path)) { try attempt("one", nil) }
        #expect(try attempt("two", CKR_PIN_LEN_RANGE))
        for token in ["one", "two"] {
            #expect(throws: VaultError.pinRefusedBefore(.label(token), path: refused.path)) { try attempt(token, nil) }
        }
        unlink(refused.path)
        #expect(try attempt("one", nil) && attempt("two", nil))
        #expect(built.names(in: ".").isEmpty)
    }

    @Test("leaves a file only where it was refused: a token that is away or locked is asked again")
    func others() throws {
        for answer in [CKR_DEVICE_REMOVED, CKR_PIN_LOCKED, CKR_OK] {
            #expect(try attempt("one", answer == CKR_OK ? nil : answer))
        }
        #expect(built.names(in: ".").isEmpty)
    }

    @Test("that was right stays right where its note cannot be taken away")
    func noteStays() throws {
        let away = built.dataDirectory + ".away"
        let answer = try refused.trying(.label("one")) { () throws(TokenError) -> Int in
            rename(built.dataDirectory, away)
            return 1
        }
        rename(away, built.dataDirectory)
        #expect(answer == 1)
    }

    @Test("is tried once, however many try at the same time")
    func atOnce() async {
        let tries = Recorded<Int>()
        await withTaskGroup { group in
            for number in 0..<16 {
                group.addTask { [refused] in
                    try? refused.trying(.label("one")) { () throws(TokenError) in
                        tries.append(number)
                        throw TokenError("C_Login", returned: CK_RV(CKR_PIN_INCORRECT))
                    }
                }
            }
        }
        #expect(tries.all.count == 1)
    }

    @Test("waits for a process that tries another a while, then says that it may be tried later")
    func busy() throws {
        let hasty = RefusedPINs(dataDirectory: built.dataDirectory, patience: .milliseconds(50))
        try refused.trying(.label("one")) { () throws(TokenError) -> Void in
            #expect(throws: VaultError.token(.label("two"), .busy)) {
                try hasty.trying(.label("two")) { () throws(TokenError) -> Void in }
            }
        }
        try hasty.trying(.label("two")) { () throws(TokenError) -> Void in }
        #expect(TokenError.busy.isPassing && built.names(in: ".").isEmpty)
    }

    @Test("is not tried at any token where the file says something else", arguments: ["", "x\n", "\n\n"])
    func unknownFile(content: String) throws {
        try PrivateFile(path: refused.path).create(Array(content.utf8))
        #expect(throws: VaultError.pinRefusedBefore(.label("one"), path: refused.path)) { try attempt("one", nil) }
    }

    @Test("counts as refused where the process that tried it was killed in the middle: nobody knows what became of it")
    func leftOver() throws {
        try PrivateFile(path: refused.path + ".try").create(Array("countersign refused PIN 1\ntoken one\n".utf8))
        #expect(try attempt("two", nil))
        for _ in 0..<2 {
            #expect(throws: VaultError.pinRefusedBefore(.label("one"), path: refused.path)) { try attempt("one", nil) }
        }
        unlink(refused.path)
        #expect(try attempt("one", nil))
        #expect(built.names(in: ".").isEmpty)
    }

    @Test(
        "is tried where the process before was killed before its note was whole, which is before its try",
        arguments: ["", "countersign", "countersign refused PIN 1\n", "countersign refused PIN 1\ntoken on"])
    func leftEarly(content: String) throws {
        try PrivateFile(path: refused.path + ".try").create(Array(content.utf8))
        #expect(try attempt("one", nil))
        #expect(built.names(in: ".").isEmpty)
    }

    @Test("is tried at no token whose flags say that the next wrong one locks it")
    func flags() {
        #expect(TokenError(beforeLogin: CK_FLAGS(CKF_USER_PIN_COUNT_LOW | CKF_LOGIN_REQUIRED)) == nil)
        #expect(TokenError(beforeLogin: CK_FLAGS(CKF_USER_PIN_FINAL_TRY))?.code == .pinNearlyLocked)
        #expect(TokenError(beforeLogin: CK_FLAGS(CKF_USER_PIN_LOCKED))?.code == .pinLocked)
    }
}
