namespace OrleansEdge.Core.Data.Tntp;

/// <summary>Data taken apart at white space, with ":" and ";" as tokens of their own.</summary>
internal sealed class TntpTokens(TntpFile file)
{
    private int _index;
    private int _start;
    private int _end;

    /// <summary>The line of the token, counted from 1; the last line after the last token.</summary>
    public int Line { get; private set; } = file.LastLine;

    /// <summary>The token; empty after the last one.</summary>
    public ReadOnlySpan<char> Text => _index < file.Data.Count ? file.Data[_index].Text.AsSpan(_start.._end) : [];

    /// <summary>Goes to the next token.</summary>
    public bool Next()
    {
        _start = _end;
        for (; _index < file.Data.Count; _index++, _start = 0)
        {
            var (line, text) = file.Data[_index];
            while (_start < text.Length && char.IsWhiteSpace(text[_start]))
            {
                _start++;
            }
            if (_start < text.Length)
            {
                (Line, _end) = (line, EndOf(text, _start));
                return true;
            }
        }
        (Line, _start, _end) = (file.LastLine, 0, 0);
        return false;
    }

    private static int EndOf(string text, int start)
    {
        var end = start + 1;
        while (!IsMark(text[start]) && end < text.Length && !IsMark(text[end]) && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }
        return end;
    }

    private static bool IsMark(char letter) => letter is ':' or ';';
}
