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
  picture: { zh: '图片', en: 'Picture' },
  voice: { zh: '语音', en: 'Voice message' },
  video: { zh: '视频', en: 'Video' },
  attach: { zh: '发送图片或文件', en: 'Send a picture or a file' },
  tray: { zh: '要发送的文件', en: 'Files to be sent' },
  drop: { zh: '松开鼠标，添加文件', en: 'Drop files here' },
  sending: { zh: '正在上传 {name}', en: 'Sending {name}' },
  remove: { zh: '移除 {name}', en: 'Remove {name}' },
  again: { zh: '重试', en: 'Try again' },
  file_too_large: { zh: '超过 {mb} MB，请压缩后再发。', en: 'Larger than {mb} MB. Please send a smaller one.' },
  file_quota: { zh: '您发的文件已经达到上限，暂时不能再发。', en: 'You have sent as many files as we can take for now.' },
  file_type: { zh: '不支持这种文件，请发图片、录音、视频、PDF、Office 文档、ZIP 或 TXT。', en: 'We can’t take this kind of file. Pictures, recordings, videos, PDF, office documents, ZIP and TXT are fine.' },
  file_mismatch: { zh: '文件内容和后缀名不一致，请换一个文件。', en: 'This file is not what its name says. Please choose another.' },
  file_pixels: { zh: '图片超过 2000 万像素，请缩小后再发。', en: 'This picture has more than 20 megapixels. Please make it smaller.' },
  file_damaged: { zh: '这张图片已经损坏，打不开。', en: 'This picture is damaged and can’t be opened.' },
  file_empty: { zh: '这个文件是空的。', en: 'This file is empty.' },
  file_many: { zh: '发得太快了，请稍后重试。', en: 'That was a little fast. Please try again later.' },
  file_session: { zh: '会话已失效，请刷新页面后重试。', en: 'This session is not valid. Please reload the page.' },
  file_network: { zh: '上传失败，请检查网络后重试。', en: 'This could not be sent. Please check your connection and try again.' },
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
