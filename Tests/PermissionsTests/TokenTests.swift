import Testing

@testable import Permissions

@Suite("Permission tokens")
struct TokenTests {
    @Test("a token is otp_ and 32 letters and digits, and no description shows it")
    func form() {
        var generator = SystemRandomNumberGenerator()
        let token = PermissionToken(using: &generator)
        #expect(token.value.wholeMatch(of: /otp_[A-Za-z0-9]{32}/) != nil)
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!"\(token)\(String(reflecting: token))\(dumped)".contains(token.value))
    }

    @Test("a token matches its own digest and no other")
    func matching() {
        var generator = SystemRandomNumberGenerator()
        let (one, other) = (PermissionToken(using: &generator), PermissionToken(using: &generator))
        #expect(one.matches(one.digest) && !one.matches(other.digest) && !one.matches([]))
    }
}
