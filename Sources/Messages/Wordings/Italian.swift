extension Wording {
    static let italian = Wording(
        minutes: MinutePhrase(one: "# minuto", many: "# minuti"),
        short: [
            "{{code}} è il suo codice {{app}}, valido {{validity}}. Non lo condivida. Non richiesto? Lo ignori.",
            "{{code}} è il suo codice {{app}}, valido {{validity}}. Non lo condivida.",
            "{{code}} è il suo codice {{app}}.",
        ],
        voice: "Buongiorno. Il suo codice {{app}} è: {{code}}.",
        voiceAgain: "Ripeto, il suo codice è: {{code}}. Non lo condivida con nessuno. Arrivederci.",
        mail: MailWording(
            subject: "Il suo codice {{app}}", subjectWithCode: "{{code}} è il suo codice {{app}}",
            heading: "Il suo codice {{app}}:", link: "Oppure apra questo link",
            advice: [
                "È valido {{validity}}. Non lo condivida con nessuno.",
                "Se non ha richiesto questo codice, può ignorare questo messaggio.",
            ]))
}
