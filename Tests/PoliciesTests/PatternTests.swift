import Policies
import Testing

@Suite struct PatternTests {
    @Test("a pattern is found anywhere, unless it is tied to the ends")
    func found() throws {
        #expect(try Pattern("b+").isFound(in: "abbc") == true)
        #expect(try Pattern("^b+$").isFound(in: "abbc") == false)
    }
}
