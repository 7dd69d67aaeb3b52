import NIOCore
import Testing

@testable import HTTPServer

@Suite("Lines about what strangers do")
struct LineBudgetTests {
    @Test("are few in a second, and the next one says how many were left out")
    func few() {
        var budget = LineBudget()
        let start = NIODeadline.uptimeNanoseconds(1)
        func take(_ milliseconds: Int64) -> Int? { budget.take(start + .milliseconds(milliseconds)) }
        #expect((0..<100).compactMap { take($0) } == Array(repeating: 0, count: LineBudget.linesInASecond))
        #expect(take(999) == nil)
        #expect(take(1000) == 101 - LineBudget.linesInASecond)
        #expect(take(1001) == 0)
    }
}
