"""What is handed out: generated pages, the site, the workbook, the explorer. No notebook needs it but the explorer."""
