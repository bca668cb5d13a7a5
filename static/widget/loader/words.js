// The few words the loader shows or speaks itself: open, close, the frame's title, failure, retry, unread messages.
// All others come with the frame, translated on the server.

export const WORDS = {
  __proto__: null,
  en: ['Open chat', 'Close chat', 'Chat window', 'The chat could not be opened.', 'Try again', ', # unread'],
  ja: ['チャットを開く', 'チャットを閉じる', 'チャット', 'チャットを開けませんでした。', 'もう一度試す', ' 未読#件'],
  th: ['เปิดแชต', 'ปิดแชต', 'หน้าต่างแชต', 'เปิดแชตไม่สำเร็จ', 'ลองอีกครั้ง', ' ยังไม่ได้อ่าน # ข้อความ'],
};
