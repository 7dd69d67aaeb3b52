import Testing

@testable import EnclaveLink

@Suite("An enclave's event in the host's log")
struct EnclaveNoticeTests {
    @Test("is a name and a number")
    func readable() {
        let notice = EnclaveNotice(line: #"{"event":"sandboxClosed","code":31}"#)
        #expect(notice.name == "sandboxClosed" && notice.code == 31)
    }

    @Test(
        "is nothing else, whatever an enclave writes",
        arguments: [
            #"{"event":"#, #"{"event":"a b","code":1}"#, #"{"event":"x","code":"secret"}"#,
            #"{"event":"x","code":1} more"#,
            #"{"event":"x","code":1,"code":"482915"}"#, #"{"event":"482915","code":1}"#, #"{"event":"","code":1}"#,
            #"{"event":"\#(String(repeating: "a", count: 65))","code":1}"#, "",
        ])
    func unreadable(_ line: String) {
        let notice = EnclaveNotice(line: line)
        #expect(notice.name == "unreadable" && notice.code == 0)
    }
}
