import AuditLog
import Testing

@testable import API

@Suite("Operator's API: what doctor says of a log that is not signed")
struct AuditAdviceTests {
    @Test("a backup is spoken of only where one may have been restored", arguments: SigningFault.allCases)
    func advice(_ fault: SigningFault) {
        let restored: [SigningFault] = [.behind, .inconsistent, .anchorBehind, .contradicted]
        #expect(fault.advice.contains("audit acknowledge") == restored.contains(fault))
    }

    @Test("where there is no anchor, what may be wrong with it is told, and where the cause is")
    func unanchored() {
        for word in ["missing", "link", "0600", "logsUnanchored"] {
            #expect(SigningFault.unanchored.advice.contains(word))
        }
    }
}
