story   A completed registration is not taken back
after   11-handed-over

# A withdrawal is possible before completion or rejection only (H-40).
scrivener        withdrawFiling                       -> refused ILLEGAL_TRANSITION
