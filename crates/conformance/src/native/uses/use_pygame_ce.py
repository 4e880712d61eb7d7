import os

os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")

import io

import pygame


def use():
    pygame.init()
    screen = pygame.display.set_mode((64, 48))
    screen.fill((10, 20, 30))
    # The font is a file of the package.
    text = pygame.font.Font(None, 20).render("Hello", True, (255, 255, 255))
    screen.blit(text, (0, 0))
    file = io.BytesIO()
    pygame.image.save(screen, file, "x.png")
    again = pygame.image.load(io.BytesIO(file.getvalue()))
    pygame.mixer.init()
    sound = pygame.mixer.Sound(buffer=bytes(8000))
    found = [again.get_size(), again.get_at((60, 40))[:3], text.get_width() > 20, sound.get_length() > 0]
    pygame.quit()
    return found
