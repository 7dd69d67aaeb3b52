import ArgumentParser
import FoundationEssentials
import Testing

@testable import countersign

@Suite("Which server a command talks to, and with which key")
struct ServerOptionTests {
    private func refusal(_ address: String, option: String = "--server") -> String? {
        #expect(throws: CommandError.self, "\(address)") {
            try AddressTransport(address: address, option: option, carriesKey: option == "--server")
        }?.description
    }

    @Test("an address is taken with and without a slash at its end", arguments: ["", "/"])
    func address(_ end: String) throws {
        _ = try AddressTransport(address: "https://login.example.com:8443\(end)")
        _ = try AddressTransport(address: "http://[::1]:3000\(end)")
    }

    @Test("a path, a query and a fragment are refused", arguments: ["/v1", "/v1/", "/?x=1", "/#x"])
    func path(_ end: String) {
        #expect(
            refusal("https://login.example.com:8443\(end)")?.contains("write https://login.example.com:8443") == true)
    }

    @Test("a user or a password in the address is refused, and not repeated", arguments: ["--server", "--url"])
    func password(_ option: String) {
        for user in ["ada", "ada:secretword", ":secretword"] {
            let words = refusal("https://\(user)@login.example.com/", option: option)
            #expect(words?.contains("write https://login.example.com") == true)
            #expect(words?.contains("ada") == false && words?.contains("secretword") == false)
        }
    }

    @Test(
        "what is no address is not repeated: it may be one with a password, whose scheme was forgotten",
        arguments: ["ada:secretword@login.example.com", "ada:secretword", "ftp://ada:secretword@login.example.com"])
    func noAddress(_ address: String) {
        for option in ["--server", "--url"] {
            let words = refusal(address, option: option)
            #expect(words?.contains("\(option) must be an address such as https://") == true)
            #expect(words?.contains("ada") == false && words?.contains("secretword") == false)
        }
    }

    @Test("a key that is empty, or has what no key has, is refused before it is sent, and not repeated")
    func key() throws {
        for key in ["", "uk_live_x\n", "uk_live_x\r\nX-Other: y", "uk_live x", "uk_live_\u{7F}", "uk_live_é"] {
            let words = #expect(throws: CommandError.self) { try CommandKey.checked(key, from: "--key") }?.description
            #expect(words?.contains("set COUNTERSIGN_KEY") == true && words?.contains("uk_live") == false)
        }
        #expect(try CommandKey.checked("uk_live_x", from: "--key") == "uk_live_x")
    }

    @Test("over the socket nobody is sent to a variable that is not read there", arguments: ["", "uk_live x"])
    func keyOverSocket(_ key: String) throws {
        let option = try ServerOption.parse(["--key", key])
        let words = #expect(throws: CommandError.self) { try option.connection(DataDirectory(path: "data")) }?
            .description
        #expect(words?.hasPrefix("--key ") == true && words?.contains("give it the key") == true)
        #expect(words?.contains("COUNTERSIGN_KEY") == false && words?.contains("uk_live") == false)
    }

    @Test("an authority is refused where no server shows a certificate")
    func authority() {
        let authority = ["--server-ca", "ca.pem"]
        let https = ["--server", "https://login.example.com"]
        let key = ["--key", "name+1+x"]
        for words in [
            ["doctor"], ["doctor", "--server", "http://127.0.0.1:3000"], ["audit", "verify"],
            ["audit", "verify", "--directory", "log"] + key, ["audit", "verify", "--export", "log.jsonl"] + key,
            ["audit", "verify", "--url", "http://log.example.com"] + key,
            ["audit", "verify", "--server", "HTTP://127.0.0.1:3000"] + key,
        ] {
            let refusal = #expect(throws: (any Error).self) { try Countersign.parseAsRoot(words + authority) }
            #expect(refusal.map { Countersign.message(for: $0) }?.contains("--server-ca goes with") == true, "\(words)")
        }
        for words in [["doctor"] + https, ["audit", "verify"] + https + key] {
            #expect(throws: Never.self) { try Countersign.parseAsRoot(words + authority) }
        }
    }
}
