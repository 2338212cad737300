"""What the pages for citizens read. Of projects, reports and profiles only what is `published()`."""
