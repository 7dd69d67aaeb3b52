import HTTPServer

/// How the pages look: one column that fits a phone, large targets, the system's own font, light or dark as the person
/// has it.
enum StyleSheet {
    static var response: Response {
        Response(
            status: .ok,
            headers: [
                "Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=3600",
                "Cross-Origin-Resource-Policy": "same-origin",
            ], body: .bytes(Array(text.utf8)))
    }

    private static let text = """
        :root { color-scheme: light dark; }
        body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; }
        main { max-width: 34rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.5rem; line-height: 1.2; }
        form { margin: 1.5rem 0; }
        label, legend { display: block; margin-top: 1rem; font-weight: 600; }
        legend { margin: 0; padding: 0 .25rem; }
        fieldset { margin: 1rem 0 0; padding: 0 1rem 1rem; border: 1px solid GrayText; border-radius: .5rem; }
        input, button {
          box-sizing: border-box; width: 100%; min-height: 3rem; margin-top: .25rem; padding: .5rem .75rem;
          font: inherit; border: 1px solid GrayText; border-radius: .5rem;
        }
        input[type=hidden] { display: none; }
        button { margin-top: 1rem; font-weight: 600; cursor: pointer; }
        :focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
        .choice { display: flex; gap: 1rem; }
        .approve { color: #fff; background: #14632e; border-color: #14632e; }
        .deny { color: #fff; background: #a11616; border-color: #a11616; }
        .plain { font-weight: 400; background: none; color: inherit; }
        .notice { padding: .75rem; border-left: .375rem solid #a11616; background: Field; color: FieldText; }
        .statement { margin: 0; padding: 0; list-style: none; }
        .statement li {
          margin: .375rem 0; padding: .25rem .5rem; border-left: .25rem solid GrayText; overflow-wrap: anywhere;
        }
        .small { font-size: .875rem; overflow-wrap: anywhere; }

        """
}
