import HTTPServer
import Permissions

/// Figures of agents on the wire.
struct FiguresText {
    let figures: AgentFigures

    init(_ figures: AgentFigures) { self.figures = figures }

    var object: JSONObjectText {
        var text = JSONObjectText(capacity: 512)
        text.add("period", figures.period.rawValue)
        text.add("requests", figures.requests)
        text.add("approved", figures.approved)
        text.add("denied", figures.denied)
        text.add("pending", figures.pending)
        text.add("expired", figures.expired)
        text.add("denialRate", json: Self.share(figures.denialRate))
        text.add("tokensIssued", figures.tokensIssued)
        text.add("tokensUsed", figures.tokensUsed)
        text.add("unusedTokenRate", json: Self.share(figures.unusedTokenRate))
        text.add("failedAuthentications", figures.failedAuthentications)
        text.add("avgApprovalMs", json: figures.averageApproval.map(String.init) ?? "null")
        return text
    }

    /// To four places.
    private static func share(_ share: Double) -> String { String((share * 10_000).rounded() / 10_000) }
}
