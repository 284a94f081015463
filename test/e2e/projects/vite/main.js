document.title = 'vite';
