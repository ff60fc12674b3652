"""What people say about initialization, each sentence with a check from which its verdict is computed."""
