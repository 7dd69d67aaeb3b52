extension Wording {
    static let chinese = Wording(
        minutes: MinutePhrase(one: "#分钟", many: "#分钟"),
        short: [
            "【{{app}}】验证码 {{code}} ，{{validity}}内有效。请勿告诉他人。如非本人操作，请忽略。",
            "【{{app}}】验证码 {{code}} ，{{validity}}内有效。请勿告诉他人。",
            "【{{app}}】验证码 {{code}}",
        ],
        voice: "您好。您的{{app}}验证码是： {{code}} 。",
        voiceAgain: "再说一遍，您的验证码是： {{code}} 。请勿告诉他人。再见。",
        mail: MailWording(
            subject: "您的{{app}}验证码", subjectWithCode: "{{code}} 是您的{{app}}验证码",
            heading: "您的{{app}}验证码：", link: "或打开此链接",
            advice: [
                "验证码{{validity}}内有效，请勿告诉他人。",
                "如果不是您本人申请，请忽略此消息。",
            ]))
}
