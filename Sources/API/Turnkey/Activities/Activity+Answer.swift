import Encodings
import FoundationEssentials
import HTTPServer

extension Activity {
    /// The answer that shows the activity as it is now.
    ///
    /// Written as text, which takes a tenth of an encoder's time. What was asked for is not sent back: the caller knows
    /// it, and it has contacts and tokens.
    func response() throws -> Response {
        var json = Array(#"{"activity":"#.utf8)
        json.reserveCapacity(2048)
        try append(to: &json)
        json.append(UInt8(ascii: "}"))
        return Response(status: .ok, headers: ["Content-Type": "application/json"], body: .bytes(json))
    }

    private func append(to json: inout [UInt8]) throws {
        json.append(contentsOf: #"{"id":""#.utf8)
        json.append(contentsOf: id.utf8)
        json.append(contentsOf: #"","organizationId":""#.utf8)
        json.append(contentsOf: organization.utf8)
        json.append(contentsOf: #"","type":"#.utf8)
        JSONText.appendQuoted(type, to: &json)
        json.append(contentsOf: #","status":"ACTIVITY_STATUS_"#.utf8)
        json.append(contentsOf: status.utf8)
        json.append(contentsOf: #"","intent":{},"result":{"#.utf8)
        if case .completed(let members) = outcome { appendResult(members, to: &json) }
        json.append(UInt8(ascii: "}"))
        if case .failed(let error) = outcome {
            json.append(contentsOf: #","failure":"#.utf8)
            json.append(contentsOf: try JSONEncoder().encode(error.body))
        }
        json.append(contentsOf: #","votes":[],"appProofs":[],"canApprove":false,"canReject":false,"fingerprint":"#.utf8)
        json.append(contentsOf: #""sha256:\#(Hexadecimal.encode(identity.fingerprint))","createdAt":"#.utf8)
        json.append(contentsOf: Self.time(createdAt).utf8)
        json.append(contentsOf: #","updatedAt":"#.utf8)
        json.append(contentsOf: Self.time(updatedAt).utf8)
        json.append(UInt8(ascii: "}"))
    }

    private var status: String {
        switch outcome {
        case .pending: "PENDING"
        case .completed: "COMPLETED"
        case .failed: "FAILED"
        }
    }

    private func appendResult(_ members: [String: String], to json: inout [UInt8]) {
        json.append(contentsOf: #""\#(identity.kind.resultName)":{"#.utf8)
        // In one order, so that a repetition gets the same bytes, after a restart too.
        for (place, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if place > 0 { json.append(UInt8(ascii: ",")) }
            JSONText.appendQuoted(member.key, to: &json)
            json.append(UInt8(ascii: ":"))
            JSONText.appendQuoted(member.value, to: &json)
        }
        json.append(UInt8(ascii: "}"))
    }

    private static func time(_ milliseconds: Int64) -> String {
        #"{"seconds":"\#(milliseconds / 1000)","nanos":"\#(milliseconds % 1000 * 1_000_000)"}"#
    }
}
