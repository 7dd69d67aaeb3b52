import EnclaveLink
import Foundation
import JOSE
import Testing

@testable import Enclave

@Suite struct RecordedAnswerTests {
    @Test(
        "each recorded answer of a provider means what its documentation says", arguments: ProviderExample.allCases)
    func answers(_ example: ProviderExample) throws {
        let provider = try example.provider()
        let file = Repository.root.appending(path: "Tests/ProviderAnswers/\(example.rawValue).json")
        let recorded = try #require(try JSONValue(parsing: Array(try Data(contentsOf: file)))["answers"]?.elements)
        #expect(recorded.count > 5)
        for entry in recorded {
            let body = try #require(entry["body"])
            let answer = HTTPSAnswer(
                status: Int(try #require(entry["status"]?.double)), contentType: nil,
                body: body.text.map { Array($0.utf8) } ?? body.jsonText)
            let name = try #require(entry["name"]?.text)
            #expect(provider.verdict(on: answer).words == entry["verdict"]?.text, "\(name)")
        }
    }

    @Test("no answer that only looks like success is one", arguments: ProviderExample.allCases)
    func lookalikes(_ example: ProviderExample) throws {
        let provider = try example.provider()
        let bodies = ["[]", "{}", "null", "\"ok\"", "<ok/>", "{\"messages\":{}}", "{\"messages\":[{\"status\":0}]}"]
        for body in bodies where example != .webhook {
            let answer = HTTPSAnswer(status: 200, contentType: nil, body: Array(body.utf8))
            #expect(provider.verdict(on: answer) == .unclear(.answerMalformed, status: 200), "\(body)")
        }
        for status in [301, 302, 307, 308] {
            let answer = HTTPSAnswer(status: status, contentType: nil, body: [])
            // A server of one's own may have taken what was posted before it sends on.
            #expect(
                provider.verdict(on: answer)
                    == (example == .webhook
                        ? .unclear(.answerMalformed, status: status) : .refused(.answerMalformed, status: status)))
        }
    }

    @Test("nothing of code or number that a provider repeats is told")
    func echoes() {
        let secrets = ["403162389", "4915112345678"]
        for name in ["m-403162389", "4915112345678:1"] {
            #expect(
                ProviderVerdict.accepted(name).outcome(of: "x", hiding: secrets)
                    == .accepted(provider: "x", message: ""))
        }
        for status in [403_162_389, 4_915_112_345_678] {
            for verdict in [ProviderVerdict.refused(.messageRefused, status: status), .unclear(.busy, status: status)] {
                guard case .failed(let failure) = verdict.outcome(of: "x", hiding: secrets) else {
                    Issue.record("it failed")
                    continue
                }
                #expect(failure.providerStatus == 0)
            }
        }
    }

    @Test("a provider's name for a message is told only where it is printable and not too long")
    func names() {
        let long = String(repeating: "a", count: 129)
        for (name, told) in [("SM1", "SM1"), ("", ""), (long, ""), ("a b", ""), ("a\n", ""), ("ä", "")] {
            #expect(
                ProviderVerdict.accepted(name).outcome(of: "x", hiding: []) == .accepted(provider: "x", message: told))
        }
    }
}

extension ProviderVerdict {
    /// As the recorded answers write it.
    fileprivate var words: String {
        switch self {
        case .accepted(let message): message.isEmpty ? "accepted" : "accepted \(message)"
        case .refused(let reason, let status): "refused \(reason) \(status)"
        case .unclear(let reason, let status): "unclear \(reason) \(status)"
        }
    }
}
