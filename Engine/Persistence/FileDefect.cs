namespace Engine;

/// <summary>What is wrong with a file that cannot be read.</summary>
public enum FileDefect
{
    /// <summary>The file is of another format.</summary>
    WrongFormat,

    /// <summary>The file is of a version of its format that is not known.</summary>
    UnsupportedVersion,

    /// <summary>The elements are of a type that cannot be read.</summary>
    UnsupportedType,

    /// <summary>The file ends before the length of its header.</summary>
    HeaderTooShort,

    /// <summary>The header is longer than is allowed.</summary>
    HeaderTooLong,

    /// <summary>The header is longer than the file.</summary>
    HeaderBeyondFile,

    /// <summary>The header is not in UTF-8.</summary>
    InvalidUtf8,

    /// <summary>The header is not written as the format demands.</summary>
    InvalidHeader,

    /// <summary>A record is not written as the format demands.</summary>
    InvalidRecord,

    /// <summary>A name occurs twice.</summary>
    DuplicateName,

    /// <summary>The data of two tensors overlap or leave a gap, or end before they begin.</summary>
    InvalidOffsets,

    /// <summary>A tensor has more or fewer bytes than its shape and type need.</summary>
    SizeMismatch,

    /// <summary>A number of elements or bytes is beyond 64 bits.</summary>
    Overflow,

    /// <summary>The elements of a tensor do not fill whole bytes.</summary>
    PartialByte,

    /// <summary>The file is longer or shorter than its header says.</summary>
    DataLength,

    /// <summary>The archive is damaged.</summary>
    InvalidArchive,

    /// <summary>The checksum of the data is not the one that was saved with it.</summary>
    ChecksumMismatch,
}
