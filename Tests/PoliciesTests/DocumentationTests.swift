import Foundation
import JOSE
import Testing

@testable import Policies

/// Everything that docs/policies.md shows, done.
@Suite struct DocumentationTests {
    private let page: MarkdownPage

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        page = MarkdownPage(try String(contentsOf: root.appending(path: "docs/policies.md"), encoding: .utf8))
    }

    private func file(_ text: String) throws(PolicyFileError) -> PolicyFile {
        try PolicyFile(bytes: Array(text.utf8), name: "policies.yaml")
    }

    @Test("every file of policies is accepted, and its tests pass")
    func files() throws {
        let blocks = page.blocks.filter { $0.kind == "yaml" }
        #expect(blocks.count == 5)
        for block in blocks {
            let file = try file(block.text)
            #expect(!file.tests.isEmpty)
            for test in file.tests { #expect(test.run(on: file.set).differences == [], "\(test.name)") }
        }
    }

    @Test("every file that is said to be refused is refused with the words below it")
    func refusedFiles() throws {
        let places = page.blocks.indices.filter { page.blocks[$0].kind == "yaml refused" }
        #expect(places.count == 5)
        for place in places {
            do throws(PolicyFileError) {
                _ = try file(page.blocks[place].text)
                Issue.record("was accepted: \(page.blocks[place].text)")
            } catch {
                #expect(error.description + "\n" == page.blocks[place + 1].text)
            }
        }
    }

    @Test("each operator holds for what it is said to hold for, and not for the other")
    func operators() throws {
        let rows = page.rows(under: "operator")
        #expect(rows.count == 14)
        for row in rows {
            let text = "policies:\n  - {name: n, conditions: {scope.x: {\(row[0])}}, action: deny}"
            let test = try #require(try file(text).policies.first?.conditions.first).test
            #expect(test.finding(for: try json(row[1])) == .holds, "\(row)")
            if row.count > 2, !row[2].isEmpty { #expect(test.finding(for: try json(row[2])) == .fails, "\(row)") }
        }
        #expect(
            Set(rows.compactMap { $0[0].split(separator: ":").first.map(String.init) })
                == Set(ConditionOperator.allCases.map(\.rawValue)))
    }

    @Test("each scope is narrowed to what is said")
    func narrowing() throws {
        let rows = page.rows(under: "requested")
        #expect(rows.count == 7)
        for row in rows {
            switch try Scope(json(row[0])).narrowed(by: Scope(json(row[1]))) {
            case .nothing: #expect(row[2] == "denied", "\(row)")
            case .scope(let scope, _): #expect(scope.value.isSame(as: try json(row[2])), "\(row)")
            }
        }
    }

    @Test("each use is accepted or refused as is said")
    func uses() throws {
        let rows = page.rows(under: "granted")
        #expect(rows.count == 11)
        for row in rows {
            let violation = try Scope(json(row[0])).violation(in: try json(row[1]))
            #expect(violation?.reason ?? "accepted" == row[2], "\(row)")
        }
    }

    @Test("the templates are those that there are")
    func templates() throws {
        let rows = page.rows(under: "name", "allows", "is")
        #expect(rows.count == ScopeTemplate.common.count)
        for (row, template) in zip(rows, ScopeTemplate.common) {
            #expect(row[0] == template.action)
            #expect(row[1] == template.purpose)
            #expect(try json(row[2]) == template.value)
        }
    }

    @Test("the fields of a policy are those that are read and written")
    func fields() throws {
        let named = page.rows(under: "field").map { $0[0] }
        for name in named {
            let messages = try faults(#"{"\#(name)": {"x": []}}"#)
            #expect(!messages.contains { $0.hasPrefix("\(name) is not known here") }, "\(name)")
        }
        let full = try policy(
            #"{"name": "n", "description": "d", "agentId": "a", "action": "require_approval", "approvers": 2, "numberMatching": true, "matchAll": true, "trustContext": true, "scopeTemplate": {}}"#
        )
        #expect(Set(named) == Set((full.document.members ?? []).map(\.name) + ["always"]))
    }
}
