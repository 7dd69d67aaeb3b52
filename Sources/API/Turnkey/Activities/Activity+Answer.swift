import Encodings
import HTTPServer

extension Activity {
    /// `activity` on the wire. What was asked for is not sent back: the caller knows it, and it has contacts and tokens.
    private struct Wire: Encodable {
        struct Nothing: Encodable {}

        struct Time: Encodable {
            var seconds: String
            var nanos: String

            init(_ milliseconds: Int64) {
                seconds = String(milliseconds / 1000)
                nanos = String(milliseconds % 1000 * 1_000_000)
            }
        }

        var id: String
        var organizationId: String
        var status: String
        var type: String
        var intent = Nothing()
        var result: [String: [String: String]] = [:]
        var failure: TurnkeyError.Body?
        var votes: [Nothing] = []
        var appProofs: [Nothing] = []
        var fingerprint: String
        var canApprove = false
        var canReject = false
        var createdAt: Time
        var updatedAt: Time

        init(_ activity: Activity) {
            id = activity.id
            organizationId = activity.organization
            type = activity.type
            fingerprint = "sha256:" + Hexadecimal.encode(activity.identity.fingerprint)
            createdAt = Time(activity.createdAt)
            updatedAt = Time(activity.updatedAt)
            switch activity.outcome {
            case .pending: status = "ACTIVITY_STATUS_PENDING"
            case .completed(let members):
                status = "ACTIVITY_STATUS_COMPLETED"
                result = [activity.identity.kind.resultName: members]
            case .failed(let error):
                status = "ACTIVITY_STATUS_FAILED"
                failure = error.body
            }
        }
    }

    private struct Answer: Encodable { var activity: Wire }

    /// The answer that shows the activity as it is now.
    func response() throws -> Response { try Response.json(Answer(activity: Wire(self))) }
}
