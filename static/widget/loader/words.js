// The few words the loader shows or speaks itself. All others come with the frame, translated on the server.

export const WORDS = {
  en: {
    open: 'Open chat',
    close: 'Close chat',
    frame: 'Chat window',
    failed: 'The chat could not be opened.',
    retry: 'Try again',
    unread: (count) => `, ${count} unread ${count === 1 ? 'message' : 'messages'}`,
  },
  th: {
    open: 'เปิดแชต',
    close: 'ปิดแชต',
    frame: 'หน้าต่างแชต',
    failed: 'เปิดแชตไม่สำเร็จ',
    retry: 'ลองอีกครั้ง',
    unread: (count) => ` มีข้อความที่ยังไม่ได้อ่าน ${count} ข้อความ`,
  },
};
