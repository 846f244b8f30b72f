// Everything that the widget says by itself, in both languages.

const TEXTS = {
  bot: { zh: '智能助手', en: 'Assistant' },
  agent: { zh: '客服', en: 'Support' },
  you: { zh: '您', en: 'You' },
  system: { zh: '提示', en: 'Notice' },
  log: { zh: '聊天记录', en: 'Messages' },
  placeholder: { zh: '请输入您的问题…', en: 'Write a message…' },
  write: { zh: '输入消息', en: 'Message' },
  send: { zh: '发送', en: 'Send' },
  close: { zh: '收起聊天窗口', en: 'Close the chat' },
  person: { zh: '转人工', en: 'Talk to a person' },
  newest: { zh: '新消息', en: 'New messages' },
  led_by_bot: { zh: '智能助手即时回答，也可随时转人工', en: 'Instant answers, people on call' },
  led_by_agent: { zh: '人工客服为您服务中', en: 'You are talking to a person' },
  led_by: { zh: '{name} 为您服务中', en: 'You are talking to {name}' },
  waiting_next: { zh: '正在为您接入人工客服，请稍候', en: 'A person will be with you soon' },
  waiting_behind: { zh: '正在排队，您前面还有 {ahead} 位', en: 'In the queue: {ahead} ahead of you' },
  closed: { zh: '本次咨询已结束', en: 'This chat has ended' },
  connecting: { zh: '正在连接…', en: 'Connecting…' },
  typing: { zh: '对方正在输入', en: 'Typing' },
  unsent: { zh: '等待发送', en: 'Waiting to be sent' },
  failed: { zh: '未能发送', en: 'Not sent' },
  today: { zh: '今天', en: 'Today' },
  yesterday: { zh: '昨天', en: 'Yesterday' },
  rate: { zh: '为本次服务评分', en: 'Rate this chat' },
  star: { zh: '{score} 星', en: '{score} of 5 stars' },
  comment: { zh: '还想说点什么？', en: 'Anything to add?' },
  submit: { zh: '提交评价', en: 'Submit' },
  thanks: { zh: '感谢您的评价！', en: 'Thank you for your rating!' },
  did_it_help: { zh: '这个回答有帮助吗？', en: 'Did this help?' },
  helpful: { zh: '有帮助', en: 'Helpful' },
  unhelpful: { zh: '没帮助', en: 'Not helpful' },
  file: { zh: '文件', en: 'File' },
}

/** zh or en, by a language tag; Chinese where there is none. */
export function languageOf(tag) {
  return !tag || /^zh/i.test(tag) ? 'zh' : 'en'
}

/** A function that says a text by its key, with `{name}` filled in from `values`. */
export function speaker(language) {
  return (key, values = {}) =>
    TEXTS[key][language].replace(/\{(\w+)\}/g, (_, name) => String(values[name]))
}
